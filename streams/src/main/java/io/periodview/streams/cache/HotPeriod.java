package io.periodview.streams.cache;

import io.periodview.streams.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a period that is read again and again while it changes: the writer of an event replaces one of them, so
 * that a read needs no look into the store. First it collects changes, from before a reader opens its iterator; then it is
 * given the rows which that reader found, and applies the changes to them. A change that both have does no harm, as each
 * says how a row stands. Guarded by the lock of its {@link TeamCache}.
 */
public final class HotPeriod {

    /** More would make an event wait for the copying of the array. */
    static final int MAX_ROWS = 10_000;

    /** So many changes without a read, and it costs the writer for nothing. */
    private static final int MAX_UPDATES_WITHOUT_READ = 1_000;

    private static final CachedRow[] NONE = {};

    private final MemoryBudget memory;

    /** Copied before it is changed: a reader may have it. */
    private CachedRow[] rows = NONE;

    private byte @Nullable [] period;
    private @Nullable List<Change> pending = new ArrayList<>();
    private long bytes;
    private int updatesSinceRead;

    /**
     * A period as it is in memory at one moment.
     *
     * @param period its row as in the store
     * @param rows of its actions, in the order in which they are shown
     */
    public record Snapshot(byte[] period, List<CachedRow> rows) {}

    /** @param row null if the period does not have the action any more */
    private record Change(
            long before,
            long after,
            long actionId,
            @Nullable CachedRow row) {

        long bytes() {
            return row == null ? 0 : row.bytes();
        }
    }

    HotPeriod(MemoryBudget memory) {
        this.memory = memory;
    }

    /**
     * Takes the rows as somebody read them after this was created.
     *
     * @param reserved bytes of memory that were reserved for them
     */
    void load(byte[] periodRow, List<CachedRow> found, long reserved) {
        rows = found.toArray(CachedRow[]::new);
        bytes += reserved;
        List<Change> missed = pending;
        pending = null;
        period = periodRow;
        if (missed != null) {
            missed.forEach(each -> {
                grow(-each.bytes());
                apply(each);
            });
        }
    }

    /** @param isInside whether the period contains the action's createdTime after the change */
    void apply(RowChange.Action change, boolean isInside) {
        updatesSinceRead++;
        Supplier<byte[]> row = isInside ? change.row() : null;
        Change now = new Change(
                change.before(),
                change.after(),
                change.actionId(),
                row == null ? null : new CachedRow(change.after(), change.actionId(), row.get()));
        if (pending == null) {
            apply(now);
        } else {
            pending.add(now);
            grow(now.bytes());
        }
    }

    private void apply(Change change) {
        if (change.row == null || change.after != change.before) {
            remove(change.before, change.actionId);
        }
        if (change.row != null) {
            put(change.row, change.actionId);
        }
    }

    private void remove(long createdTime, long actionId) {
        int at = find(createdTime, actionId);
        if (at >= 0) {
            grow(-rows[at].bytes());
            CachedRow[] fewer = new CachedRow[rows.length - 1];
            System.arraycopy(rows, 0, fewer, 0, at);
            System.arraycopy(rows, at + 1, fewer, at, fewer.length - at);
            rows = fewer;
        }
    }

    private void put(CachedRow row, long actionId) {
        int at = find(row.createdTime(), actionId);
        CachedRow[] now;
        if (at >= 0) {
            grow(-rows[at].bytes());
            now = rows.clone();
        } else {
            at = -at - 1;
            now = new CachedRow[rows.length + 1];
            System.arraycopy(rows, 0, now, 0, at);
            System.arraycopy(rows, at, now, at + 1, rows.length - at);
        }
        now[at] = row;
        grow(row.bytes());
        rows = now;
    }

    /** Its index, or where it would be: see {@link Arrays#binarySearch(long[], long)}. */
    private int find(long createdTime, long actionId) {
        int low = 0;
        int high = rows.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = rows[middle].compareTo(createdTime, actionId);
            if (order < 0) {
                low = middle + 1;
            } else if (order > 0) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** Null until the rows are loaded. */
    @Nullable
    Snapshot read() {
        updatesSinceRead = 0;
        byte[] row = period;
        return row == null ? null : new Snapshot(row, Arrays.asList(rows));
    }

    /** Whether keeping it costs more than it is good for. */
    boolean shouldEvict() {
        return updatesSinceRead > MAX_UPDATES_WITHOUT_READ || rows.length > MAX_ROWS || memory.isExceeded();
    }

    /** It is not used any more. */
    void evict() {
        grow(-bytes);
    }

    private void grow(long by) {
        bytes += by;
        memory.reserve(by);
    }
}
