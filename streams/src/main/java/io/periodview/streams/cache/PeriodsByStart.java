package io.periodview.streams.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Periods in the order of their starts, so that those at one moment are found without looking at all. Readers keep the
 * order; it costs the writer of an event nothing. Guarded by the lock of its {@link TeamCache}.
 */
final class PeriodsByStart {

    private final List<TrackedPeriod> periods = new ArrayList<>();

    /** The latest end of each period and all before it; shorter where it is not known yet. */
    private long[] latestEnds = {};

    private int known;

    void add(TrackedPeriod period) {
        int at = behind(period.start());
        periods.add(at, period);
        known = Math.min(known, at);
    }

    /** Whether it was there. */
    boolean remove(TrackedPeriod period) {
        for (int at = behind(period.start()) - 1; at >= 0; at--) {
            if (periods.get(at) == period) {
                periods.remove(at);
                known = Math.min(known, at);
                return true;
            }
        }
        return false;
    }

    void clear() {
        periods.clear();
        known = 0;
    }

    /**
     * Calls back with each period that contains the time, but no more than so many.
     *
     * @return whether those were all
     */
    boolean forEachAt(long time, int atMost, Consumer<TrackedPeriod> callback) {
        updateLatestEnds();
        int left = atMost;
        for (int at = behind(time) - 1; at >= 0 && latestEnds[at] > time; at--) {
            if (left-- == 0) {
                return false;
            }
            TrackedPeriod period = periods.get(at);
            if (period.contains(time)) {
                callback.accept(period);
            }
        }
        return true;
    }

    /** The index of the first that starts after a time. */
    private int behind(long time) {
        int low = 0;
        int high = periods.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (periods.get(middle).start() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void updateLatestEnds() {
        if (latestEnds.length < periods.size()) {
            long[] longer = new long[periods.size() + periods.size() / 2];
            System.arraycopy(latestEnds, 0, longer, 0, known);
            latestEnds = longer;
        }
        long latest = known == 0 ? Long.MIN_VALUE : latestEnds[known - 1];
        for (; known < periods.size(); known++) {
            latest = Math.max(latest, periods.get(known).end());
            latestEnds[known] = latest;
        }
    }
}
