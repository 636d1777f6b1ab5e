package io.periodview.streams.state;

import io.periodview.streams.intake.Change;
import io.periodview.streams.rules.Assignments;
import io.periodview.streams.rules.Bounds;
import io.periodview.streams.rules.Period;
import io.periodview.streams.rules.PeriodIndex;
import io.periodview.topics.EventKey;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the store: reads what is stored, asks the rules, writes. Not thread-safe; readers may read the
 * store meanwhile and see each change as a whole.
 *
 * <p>Readers take the actions that lie within a period's stored bounds and are assigned to it. So when bounds change,
 * the entering actions get their assignment first, while they lie outside the stored bounds and nobody sees it; then the
 * period's row flips to the new bounds in one put. What leaves is not touched: outside the bounds nobody sees it, and
 * its stale assignment goes when the action is next written.
 */
final class ViewWriter {

    /** Bounds what a large period change holds in memory at a time. */
    private static final int MOST_ROWS_AT_ONCE = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Teams teams;

    ViewWriter(KeyValueStore<Bytes, byte[]> store) {
        this(store, new Teams(store));
    }

    ViewWriter(KeyValueStore<Bytes, byte[]> store, Teams teams) {
        this.store = store;
        this.teams = teams;
    }

    void apply(Change change) {
        if (change instanceof Change.ActionChanged action) {
            actionChanged(action);
        } else if (change instanceof Change.PeriodChanged period) {
            periodChanged(period);
        } else if (change instanceof Change.ActionDeleted action) {
            actionDeleted(action.key());
        } else if (change instanceof Change.PeriodDeleted period) {
            periodDeleted(period.key());
        }
    }

    private void actionChanged(Change.ActionChanged change) {
        long teamId = change.key().teamId();
        long actionId = change.key().id();
        long createdTime = change.event().createdTime();
        Team team = teams.get(teamId);
        Batch batch = new Batch(store);

        Bytes placeKey = ViewKeys.action(teamId, actionId);
        Bytes rowKey = ViewKeys.row(teamId, createdTime, actionId);
        byte[] place = store.get(placeKey);
        Bytes oldRowKey = place == null ? null : ViewKeys.row(teamId, LongRow.decode(place), actionId);
        byte[] oldRow = oldRowKey == null ? null : store.get(oldRowKey);

        Assignments before =
                oldRow == null ? Assignments.NONE : ActionRow.of(oldRow).assignments();
        Assignments now = before.in(team.periods().containing(createdTime), () -> team.nextNumber(batch));
        byte[] row = ActionRow.encode(now, ActionJson.body(actionId, change.event()));

        if (!rowKey.equals(oldRowKey)) {
            if (oldRowKey != null) {
                batch.delete(oldRowKey);
            }
            batch.put(placeKey, LongRow.encode(createdTime));
        } else if (Arrays.equals(row, oldRow)) {
            return; // the event came again
        }
        batch.put(rowKey, row);
        batch.write();
    }

    private void actionDeleted(EventKey key) {
        Bytes placeKey = ViewKeys.action(key.teamId(), key.id());
        byte[] place = store.get(placeKey);
        if (place != null) {
            Batch batch = new Batch(store);
            batch.delete(placeKey);
            batch.delete(ViewKeys.row(key.teamId(), LongRow.decode(place), key.id()));
            batch.write();
        }
    }

    private void periodChanged(Change.PeriodChanged change) {
        EventKey key = change.key();
        Team team = teams.get(key.teamId());
        Batch batch = new Batch(store);
        Bytes periodKey = ViewKeys.period(key.teamId(), key.id());
        byte[] stored = store.get(periodKey);
        Period.@Nullable Stored before =
                stored == null ? null : PeriodRow.of(stored).stored();
        Period period =
                Period.after(before, key.id(), change.event(), change.timestamp(), () -> team.nextNumber(batch));
        if (Arrays.equals(PeriodRow.encode(period), stored)) {
            return; // the event came again
        }
        for (Bounds part : period.entering(before)) {
            enter(key.teamId(), team, period.incarnation(), part, batch);
        }
        batch.put(periodKey, PeriodRow.encode(period.next()));
        batch.write();
        teams.periodsAre(team, team.periods().with(PeriodIndex.Span.of(period)));
    }

    /** Assigns the actions in a part of the team's time to a period that does not show there yet. */
    private void enter(long teamId, Team team, long incarnation, Bounds part, Batch batch) {
        ViewKeys.Range range = ViewKeys.rows(teamId, part.start(), part.end());
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> next = rows.next();
                ActionRow row = ActionRow.of(next.value);
                long[] others = team.periods().containing(ViewKeys.createdTimeOf(next.key));
                long[] incarnations = Arrays.copyOf(others, others.length + 1);
                incarnations[others.length] = incarnation;
                Assignments before = row.assignments();
                Assignments now = before.in(incarnations, () -> team.nextNumber(batch));
                if (!now.equals(before)) {
                    batch.put(next.key, row.with(now));
                }
                if (batch.size() >= MOST_ROWS_AT_ONCE) {
                    batch.write();
                }
            }
        }
    }

    private void periodDeleted(EventKey key) {
        Bytes periodKey = ViewKeys.period(key.teamId(), key.id());
        if (store.get(periodKey) != null) {
            Batch batch = new Batch(store);
            batch.delete(periodKey);
            batch.write();
            Team team = teams.get(key.teamId());
            teams.periodsAre(team, team.periods().without(key.id()));
        }
    }
}
