package io.periodview.streams.owned;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
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

        /** How often its rows were read from the store. */
        int scans;

        @Nullable
        LiveRows live;

        boolean contains(long time) {
            return !bounded || (start <= time && time < end);
        }
    }

    /** From then on its rows are kept live: unchanged answers are kept elsewhere, so it has changed in between. */
    private static final int SCANS_BEFORE_LIVE = 3;

    /** Until one that is not worth it is tried again. */
    private static final int SCANS_BEFORE_NEXT_TRY = 1_000;

    private final AtomicLong last;
    private final LiveSpace space;
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
    TeamVersions(AtomicLong last, LiveSpace space, Runnable onWatch) {
        this.last = last;
        this.space = space;
        this.onWatch = onWatch;
        this.list = last.incrementAndGet();
        onWatch.run();
    }

    /** Before changes are written. */
    synchronized void changes(List<Changed> changes) {
        changes.forEach(change -> tell(change, action -> period -> {}));
    }

    /** After they were written: a reader of live rows sees all of them or none. */
    synchronized void changed(List<Changed> changes) {
        changes.forEach(change -> tell(change, action -> period -> change(period, action)));
    }

    private void tell(Changed change, Function<Changed.Action, Consumer<Period>> also) {
        if (change instanceof Changed.Action action) {
            Consumer<Period> ofAction = also.apply(action);
            touch(action.before(), ofAction);
            if (action.after() != action.before()) {
                touch(action.after(), ofAction);
            }
        } else if (change instanceof Changed.Period period) {
            periodChanges(period.periodId());
        }
    }

    private static void change(Period period, Changed.Action action) {
        LiveRows live = period.live;
        if (live != null) {
            LiveRow now = action.now();
            live.change(
                    action.before(), action.actionId(), now != null && period.contains(now.createdTime()) ? now : null);
            if (live.isForNobody()) {
                drop(period);
            }
        }
    }

    private static void drop(Period period) {
        if (period.live != null) {
            period.live.drop();
            period.live = null;
            period.scans = 0;
        }
    }

    /** Gives a new version to each period that contains the time. */
    private void touch(long time, Consumer<Period> also) {
        Period[] sorted = byStart == null ? sort() : byStart;
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
                also.accept(sorted[i]);
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

    private void periodChanges(long periodId) {
        list = last.incrementAndGet();
        Period period = periods.get(periodId);
        if (period != null) {
            period.version = last.incrementAndGet();
            period.changedAt = period.version;
            period.bounded = false;
            byStart = null;
            drop(period);
        }
    }

    synchronized @Nullable Live live(long periodId) {
        Period period = periods.get(periodId);
        return period == null || period.live == null ? null : period.live.read(period.version);
    }

    synchronized @Nullable LiveRows scanBegins(long periodId) {
        Period period = periods.get(periodId);
        if (period == null
                || ++period.scans < SCANS_BEFORE_LIVE
                || period.live != null
                || !period.bounded
                || !space.hasRoom()) {
            return null;
        }
        LiveRows begun = new LiveRows(space);
        period.live = begun;
        return begun;
    }

    /** @param rows null if they cannot be kept */
    synchronized void scanned(long periodId, LiveRows begun, byte[] periodRow, @Nullable List<LiveRow> rows) {
        Period period = periods.get(periodId);
        if (period == null || period.live != begun) {
            return; // a change of the period came in between
        }
        if (rows != null) {
            begun.found(periodRow, rows);
        }
        if (rows == null || begun.isForNobody()) {
            drop(period);
            period.scans = SCANS_BEFORE_LIVE - SCANS_BEFORE_NEXT_TRY;
        }
    }

    synchronized void dropLive() {
        periods.values().forEach(TeamVersions::drop);
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
