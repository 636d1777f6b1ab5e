package io.periodview.streams.view;

import io.periodview.streams.owned.LiveRow;
import io.periodview.streams.owned.LiveRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes down the rows that a reader comes by, so that they can be kept. Not thread-safe. */
final class FoundRows {

    private byte[] period = {};
    private @Nullable List<LiveRow> rows = new ArrayList<>();
    private boolean whole;

    void add(long createdTime, long actionId, byte[] row) {
        if (rows != null) {
            rows.add(new LiveRow(createdTime, actionId, row));
            if (rows.size() > LiveRows.MOST_ROWS) {
                rows = null;
            }
        }
    }

    /** That was all. */
    void end(byte[] periodRow) {
        period = periodRow;
        whole = true;
    }

    byte[] period() {
        return period;
    }

    /** All of them, or null if they are too many or not all were read. */
    @Nullable
    List<LiveRow> rows() {
        return whole ? rows : null;
    }
}
