package io.periodview.streams.domain;

/** Which marker a time falls under. */
public final class Markers {

    /** Before the first marker. */
    public static final int NONE = -1;

    private Markers() {}

    /**
     * The index of the last marker at or before the time, or {@link #NONE}.
     *
     * @param timestamps of the markers, in order; of equal ones the last counts
     */
    public static int lastAtOrBefore(long[] timestamps, long time) {
        int from = 0;
        int to = timestamps.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (timestamps[middle] <= time) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from - 1;
    }
}
