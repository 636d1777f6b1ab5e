package io.periodview.streams.owned;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The versions of one team. Thread-safe. */
final class TeamVersions {

    private static final class Period {
        long version;
        /** As of the last change of the period itself. */
        long changedAt;

        boolean bounded;
        long start;
        long end;

        boolean contains(long time) {
            return !bounded || (start <= time && time < end);
        }
    }

    private final AtomicLong last;
    private final Runnable onWatch;
    private final Map<Long, Period> periods = new HashMap<>();
    private long list;

    /**
     * The watched periods by start, those without known bounds first, and the latest end of each and all before it; null
     * until it is needed after a change.
     */
    private Period @Nullable [] byStart;

    private long[] latestEnds = {};

    /** @param last the last version that was given to anything */
    TeamVersions(AtomicLong last, Runnable onWatch) {
        this.last = last;
        this.onWatch = onWatch;
        this.list = last.incrementAndGet();
        onWatch.run();
    }

    synchronized void actionChanges(long before, long after) {
        Period[] sorted = byStart == null ? sort() : byStart;
        touch(sorted, before);
        if (after != before) {
            touch(sorted, after);
        }
    }

    /** Gives a new version to each period that contains the time. */
    private void touch(Period[] sorted, long time) {
        int low = 0;
        int high = sorted.length;
        while (low < high) { // the first that starts later
            int middle = (low + high) >>> 1;
            if (startOf(sorted[middle]) <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (int i = low - 1; i >= 0 && latestEnds[i] > time; i--) {
            if (sorted[i].contains(time)) {
                sorted[i].version = last.incrementAndGet();
            }
        }
    }

    private Period[] sort() {
        Period[] sorted = periods.values().toArray(Period[]::new);
        Arrays.sort(sorted, Comparator.comparingLong(TeamVersions::startOf));
        latestEnds = new long[sorted.length];
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < sorted.length; i++) {
            latest = Math.max(latest, sorted[i].bounded ? sorted[i].end : Long.MAX_VALUE);
            latestEnds[i] = latest;
        }
        byStart = sorted;
        return sorted;
    }

    private static long startOf(Period period) {
        return period.bounded ? period.start : Long.MIN_VALUE;
    }

    synchronized void periodChanges(long periodId) {
        list = last.incrementAndGet();
        Period period = periods.get(periodId);
        if (period != null) {
            period.version = last.incrementAndGet();
            period.changedAt = period.version;
            period.bounded = false;
            byStart = null;
        }
    }

    synchronized long ofPeriods() {
        return list;
    }

    synchronized long ofActions(long periodId) {
        Period period = periods.get(periodId);
        if (period == null) {
            period = new Period();
            period.version = last.incrementAndGet();
            period.changedAt = period.version;
            periods.put(periodId, period);
            byStart = null;
            onWatch.run();
        }
        return period.version;
    }

    synchronized boolean needsBounds(long periodId) {
        Period period = periods.get(periodId);
        return period != null && !period.bounded;
    }

    synchronized void bounds(long periodId, long version, long start, long end) {
        Period period = periods.get(periodId);
        if (period != null && !period.bounded && period.changedAt <= version) {
            period.bounded = true;
            period.start = start;
            period.end = end;
            byStart = null;
        }
    }
}
