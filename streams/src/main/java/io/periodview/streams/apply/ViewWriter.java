package io.periodview.streams.apply;

import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.cache.RowChange;
import io.periodview.streams.domain.Period;
import io.periodview.streams.intake.Change;
import io.periodview.streams.store.ActionIndexRow;
import io.periodview.streams.store.ActionRow;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.streams.store.PeriodRow;
import io.periodview.streams.store.RowKeys;
import io.periodview.topics.EventKey;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Applies changes to the store: reads what is stored, computes what it becomes, writes. Not thread-safe; readers may read
 * the store meanwhile and see each change as a whole.
 *
 * <p>Which actions lie in a period is decided when it is read. So a period's change is one row, however many actions
 * enter or leave, and an action's change is one or two, however many periods it lies in.
 *
 * <p>Changes are enqueued first, and written together: see {@link PendingChanges}.
 */
public final class ViewWriter {

    private final KeyValueStore<Bytes, byte[]> store;
    private final TeamSequences sequences;
    private final ActionIndex index;
    private final ReadCache cache;
    private final PendingChanges pending = new PendingChanges();

    /** @param cache gets every change */
    public ViewWriter(KeyValueStore<Bytes, byte[]> store, ReadCache cache) {
        this(store, new TeamSequences(store), new ActionIndex(store), cache);
    }

    ViewWriter(KeyValueStore<Bytes, byte[]> store, TeamSequences sequences, ActionIndex index, ReadCache cache) {
        this.store = store;
        this.sequences = sequences;
        this.index = index;
        this.cache = cache;
    }

    /**
     * Adds a change, which is written with the next {@link #write} at the latest.
     *
     * @param bytes of its event
     */
    public void enqueue(Change change, int bytes) {
        if (!pending.hasRoomFor(change)) {
            write();
        }
        pending.add(change, bytes);
    }

    /** Writes what was enqueued: readers see all of it or nothing. */
    public void write() {
        if (pending.isEmpty()) {
            return;
        }
        WriteBatch batch = new WriteBatch(store);
        pending.drainTo(change -> {
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
        cache.write(batch.changes(), batch::write);
    }

    private void actionChanged(Change.ActionChanged change, WriteBatch batch) {
        long teamId = change.key().teamId();
        long actionId = change.key().id();
        long createdTime = change.event().createdTime();

        ActionIndexRow before = index.get(teamId, actionId);
        ActionIndexRow now =
                new ActionIndexRow(createdTime, before == null ? sequences.nextAction(teamId, batch) : before.number());
        if (!now.equals(before)) {
            if (before != null) {
                batch.delete(RowKeys.row(teamId, before.createdTime(), actionId));
            }
            index.put(teamId, actionId, now, batch);
        }
        byte[] row = ActionRowEncoder.encode(now.number(), actionId, change.event());
        batch.put(RowKeys.row(teamId, createdTime, actionId), row);
        long createdBefore = before == null ? createdTime : before.createdTime();
        batch.changed(
                teamId,
                new RowChange.Action(createdBefore, createdTime, actionId, ActionRow.of(row)::withoutFormFields));
    }

    private void actionDeleted(EventKey key, WriteBatch batch) {
        ActionIndexRow before = index.get(key.teamId(), key.id());
        if (before != null) {
            long createdTime = before.createdTime();
            index.delete(key.teamId(), key.id(), batch);
            batch.delete(RowKeys.row(key.teamId(), createdTime, key.id()));
            batch.changed(key.teamId(), new RowChange.Action(createdTime, createdTime, key.id(), null));
        }
    }

    /**
     * Also when its bounds move, this row is all that is written: {@link io.periodview.streams.query.ViewReader} decides
     * which actions the period has when it is read.
     */
    private void periodChanged(Change.PeriodChanged change, WriteBatch batch) {
        EventKey key = change.key();
        Bytes periodKey = RowKeys.period(key.teamId(), key.id());
        byte[] stored = store.get(periodKey);
        Period.Identity before = stored == null ? null : PeriodRow.of(stored).identity();
        Period period = Period.upsert(
                before, key.id(), change.event(), change.timestamp(), () -> sequences.nextPeriod(key.teamId(), batch));
        byte[] row = PeriodRow.encode(period);
        if (stored != null && PeriodRow.isUnchanged(row, stored)) {
            return; // the event came again
        }
        batch.put(periodKey, row);
        batch.changed(key.teamId(), new RowChange.Period(key.id()));
    }

    private static void periodDeleted(EventKey key, WriteBatch batch) {
        batch.delete(RowKeys.period(key.teamId(), key.id()));
        batch.changed(key.teamId(), new RowChange.Period(key.id()));
    }
}
