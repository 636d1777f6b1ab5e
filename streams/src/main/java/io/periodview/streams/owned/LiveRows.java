package io.periodview.streams.owned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a period that is read again and again while it changes: whoever applies an event replaces one of them, so
 * that a read needs no look into the store. First come the changes since it was begun, then the rows as a reader found them
 * after that; changes that both have do no harm, as each says how a row stands. Guarded by the team's versions.
 */
public final class LiveRows {

    /** More would make an event wait for the copying of the array. */
    public static final int MOST_ROWS = 10_000;

    /** So many changes without a read, and it costs the writer for nothing. */
    private static final int MOST_UNREAD = 1_000;

    private static final LiveRow[] NONE = {};

    private final LiveSpace space;

    /** Copied before it is changed: a reader may have it. */
    private LiveRow[] rows = NONE;

    private byte @Nullable [] period;
    private @Nullable List<Change> pending = new ArrayList<>();
    private long bytes;
    private int changesSinceRead;

    /** @param now null if the action is gone */
    private record Change(
            long before, long actionId, @Nullable LiveRow now) {}

    LiveRows(LiveSpace space) {
        this.space = space;
    }

    /** Takes the rows as somebody read them after this was begun. */
    void found(byte[] periodRow, List<LiveRow> found) {
        rows = found.toArray(LiveRow[]::new);
        long sum = 0;
        for (LiveRow row : rows) {
            sum += row.bytes();
        }
        grow(sum);
        List<Change> missed = pending;
        pending = null;
        period = periodRow;
        if (missed != null) {
            missed.forEach(change -> change(change.before, change.actionId, change.now));
        }
    }

    /** Where the action stood, if it stood here, and where it stands now, if it stands here. */
    void change(long before, long actionId, @Nullable LiveRow now) {
        changesSinceRead++;
        if (pending != null) {
            pending.add(new Change(before, actionId, now));
            return;
        }
        if (now == null || now.createdTime() != before) {
            remove(before, actionId);
        }
        if (now != null) {
            put(now);
        }
    }

    private void remove(long createdTime, long actionId) {
        int at = find(createdTime, actionId);
        if (at >= 0) {
            grow(-rows[at].bytes());
            LiveRow[] fewer = new LiveRow[rows.length - 1];
            System.arraycopy(rows, 0, fewer, 0, at);
            System.arraycopy(rows, at + 1, fewer, at, fewer.length - at);
            rows = fewer;
        }
    }

    private void put(LiveRow row) {
        int at = find(row.createdTime(), row.actionId());
        LiveRow[] now;
        if (at >= 0) {
            grow(-rows[at].bytes());
            now = rows.clone();
        } else {
            at = -at - 1;
            now = new LiveRow[rows.length + 1];
            System.arraycopy(rows, 0, now, 0, at);
            System.arraycopy(rows, at, now, at + 1, rows.length - at);
        }
        now[at] = row.copy();
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

    /** Null until the rows were found. */
    @Nullable
    Live read(long version) {
        changesSinceRead = 0;
        byte[] row = period;
        return row == null ? null : new Live(version, row, Arrays.asList(rows));
    }

    /** Whether keeping it costs more than it is good for. */
    boolean isForNobody() {
        return changesSinceRead > MOST_UNREAD || rows.length > MOST_ROWS || !space.hasRoom();
    }

    /** It is not used any more. */
    void drop() {
        grow(-bytes);
    }

    private void grow(long by) {
        bytes += by;
        space.take(by);
    }
}
