package io.periodview.streams.state;

import io.periodview.streams.intake.Change;
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
 */
final class ViewWriter {

    private final KeyValueStore<Bytes, byte[]> store;
    private final Teams teams;
    private final Versions versions;

    /** @param versions are told of every change */
    ViewWriter(KeyValueStore<Bytes, byte[]> store, Versions versions) {
        this(store, new Teams(store), versions);
    }

    ViewWriter(KeyValueStore<Bytes, byte[]> store, Teams teams, Versions versions) {
        this.store = store;
        this.teams = teams;
        this.versions = versions;
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
        Batch batch = new Batch(store);

        Bytes placeKey = ViewKeys.action(teamId, actionId);
        byte[] stored = store.get(placeKey);
        ActionPlace before = stored == null ? null : ActionPlace.decode(stored);
        ActionPlace now =
                new ActionPlace(createdTime, before == null ? teams.get(teamId).nextAction(batch) : before.number());
        if (!now.equals(before)) {
            if (before != null) {
                batch.delete(ViewKeys.row(teamId, before.createdTime(), actionId));
            }
            batch.put(placeKey, now.encode());
        }
        byte[] row = ActionJson.row(now.number(), actionId, change.event());
        batch.put(ViewKeys.row(teamId, createdTime, actionId), row);

        versions.actionChanges(
                teamId,
                before == null ? createdTime : before.createdTime(),
                actionId,
                new LiveRow(createdTime, actionId, row),
                batch::write);
    }

    private void actionDeleted(EventKey key) {
        Bytes placeKey = ViewKeys.action(key.teamId(), key.id());
        byte[] stored = store.get(placeKey);
        if (stored != null) {
            Batch batch = new Batch(store);
            long createdTime = ActionPlace.decode(stored).createdTime();
            batch.delete(placeKey);
            batch.delete(ViewKeys.row(key.teamId(), createdTime, key.id()));
            versions.actionChanges(key.teamId(), createdTime, key.id(), null, batch::write);
        }
    }

    private void periodChanged(Change.PeriodChanged change) {
        EventKey key = change.key();
        Batch batch = new Batch(store);
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
        versions.periodChanges(key.teamId(), key.id(), batch::write);
    }

    private void periodDeleted(EventKey key) {
        Batch batch = new Batch(store);
        batch.delete(ViewKeys.period(key.teamId(), key.id()));
        versions.periodChanges(key.teamId(), key.id(), batch::write);
    }
}
