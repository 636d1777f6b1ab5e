package io.periodview.streams.state;

import io.periodview.streams.intake.Change;
import io.periodview.streams.owned.Changed;
import io.periodview.streams.owned.LiveRow;
import io.periodview.streams.owned.Versions;
import io.periodview.streams.rules.Period;
import io.periodview.topics.EventKey;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the store: reads what is stored, asks the rules, writes. Not thread-safe; readers may read the
 * store meanwhile and see each change as a whole.
 *
 * <p>Which actions lie in a period is decided when it is read. So a period's change is one row, however many actions
 * enter or leave, and an action's change is one or two, however many periods it lies in.
 *
 * <p>Changes are taken first, and written together: see {@link Taken}.
 */
final class ViewWriter {

    private final KeyValueStore<Bytes, byte[]> store;
    private final Teams teams;
    private final Places places;
    private final Versions versions;
    private final Taken taken = new Taken();

    /** @param versions are told of every change */
    ViewWriter(KeyValueStore<Bytes, byte[]> store, Versions versions) {
        this(store, new Teams(store), new Places(store), versions);
    }

    ViewWriter(KeyValueStore<Bytes, byte[]> store, Teams teams, Places places, Versions versions) {
        this.store = store;
        this.teams = teams;
        this.places = places;
        this.versions = versions;
    }

    /**
     * Takes a change, which is written with the next {@link #write} at the latest.
     *
     * @param bytes of its event
     */
    void take(Change change, int bytes) {
        if (!taken.hasRoomFor(change)) {
            write();
        }
        taken.add(change, bytes);
    }

    /** Writes what was taken: readers see all of it or nothing. */
    void write() {
        if (taken.isEmpty()) {
            return;
        }
        Batch batch = new Batch(store);
        taken.takeAll(change -> {
            if (change instanceof Change.ActionChanged action) {
                actionChanged(action, batch);
            } else if (change instanceof Change.PeriodChanged period) {
                periodChanged(period, batch);
            } else if (change instanceof Change.ActionDeleted action) {
                actionDeleted(action.key(), batch);
            } else if (change instanceof Change.PeriodDeleted period) {
                periodDeleted(period.key(), batch);
            }
        });
        versions.change(batch.changed(), batch::write);
    }

    private void actionChanged(Change.ActionChanged change, Batch batch) {
        long teamId = change.key().teamId();
        long actionId = change.key().id();
        long createdTime = change.event().createdTime();

        ActionPlace before = places.get(teamId, actionId);
        ActionPlace now =
                new ActionPlace(createdTime, before == null ? teams.get(teamId).nextAction(batch) : before.number());
        if (!now.equals(before)) {
            if (before != null) {
                batch.delete(ViewKeys.row(teamId, before.createdTime(), actionId));
            }
            places.put(teamId, actionId, now, batch);
        }
        byte[] row = ActionJson.row(now.number(), actionId, change.event());
        batch.put(ViewKeys.row(teamId, createdTime, actionId), row);
        batch.changes(
                teamId,
                new Changed.Action(
                        before == null ? createdTime : before.createdTime(),
                        actionId,
                        new LiveRow(createdTime, actionId, row)));
    }

    private void actionDeleted(EventKey key, Batch batch) {
        ActionPlace before = places.get(key.teamId(), key.id());
        if (before != null) {
            long createdTime = before.createdTime();
            places.delete(key.teamId(), key.id(), batch);
            batch.delete(ViewKeys.row(key.teamId(), createdTime, key.id()));
            batch.changes(key.teamId(), new Changed.Action(createdTime, key.id(), null));
        }
    }

    private void periodChanged(Change.PeriodChanged change, Batch batch) {
        EventKey key = change.key();
        Bytes periodKey = ViewKeys.period(key.teamId(), key.id());
        byte[] stored = store.get(periodKey);
        Period.@Nullable Stored before =
                stored == null ? null : PeriodRow.of(stored).stored();
        Period period = Period.after(
                before,
                key.id(),
                change.event(),
                change.timestamp(),
                () -> teams.get(key.teamId()).nextPeriod(batch));
        if (Arrays.equals(PeriodRow.encode(period), stored)) {
            return; // the event came again
        }
        batch.put(periodKey, PeriodRow.encode(period.next()));
        batch.changes(key.teamId(), new Changed.Period(key.id()));
    }

    private static void periodDeleted(EventKey key, Batch batch) {
        batch.delete(ViewKeys.period(key.teamId(), key.id()));
        batch.changes(key.teamId(), new Changed.Period(key.id()));
    }
}
