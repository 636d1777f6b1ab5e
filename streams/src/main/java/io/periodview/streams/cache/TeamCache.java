package io.periodview.streams.cache;

import io.periodview.streams.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One team's part of the {@link ReadCache}. Thread-safe. */
final class TeamCache {

    private static final class Period {
        long version;
        /** The version as of the last change of the period itself. */
        long changedAt;

        boolean bounded;
        long start;
        long end;

        /** How often its rows were read from the store. */
        int scans;

        @Nullable
        HotPeriod hot;

        boolean contains(long time) {
            return !bounded || (start <= time && time < end);
        }

        void evict() {
            if (hot != null) {
                hot.evict();
                hot = null;
                scans = 0;
            }
        }
    }

    /** From then on its rows are kept: unchanged responses are cached elsewhere, so it has changed in between. */
    private static final int SCANS_BEFORE_HOT = 3;

    /** Until a period that was not worth it is tried again. */
    private static final int SCANS_BEFORE_RETRY = 1_000;

    private final AtomicLong lastVersion;
    private final MemoryBudget memory;
    private final Runnable onTrack;
    private final Map<Long, Period> periods = new HashMap<>();
    private long listVersion;

    /** Between {@link #invalidate} and {@link #apply}: cached rows are those of before, and what is stored is not known. */
    private boolean writing;

    private boolean forgotten;

    /**
     * The tracked periods by start, those without known bounds first, and the latest end of each and all before it; null
     * until it is needed after a change.
     */
    private Period @Nullable [] byStart;

    private long[] latestEnds = {};

    /** @param lastVersion the last version that was given to anything */
    TeamCache(AtomicLong lastVersion, MemoryBudget memory, Runnable onTrack) {
        this.lastVersion = lastVersion;
        this.memory = memory;
        this.onTrack = onTrack;
        this.listVersion = lastVersion.incrementAndGet();
        onTrack.run();
    }

    synchronized ReadCache.Entry periods() {
        return new ReadCache.Entry(listVersion, null);
    }

    /** @param wantsRows whether cached rows are of use to the reader */
    ReadCache.Entry period(long periodId, boolean wantsRows) {
        boolean isNew;
        ReadCache.Entry entry;
        synchronized (this) {
            isNew = !periods.containsKey(periodId);
            Period period = isNew ? track(periodId) : Objects.requireNonNull(periods.get(periodId));
            HotPeriod hot = writing || !wantsRows ? null : period.hot;
            entry = new ReadCache.Entry(period.version, hot == null ? null : hot.read());
        }
        if (isNew) {
            onTrack.run(); // not under the lock: it may take those of all teams
        }
        return entry;
    }

    private Period track(long periodId) {
        Period period = new Period();
        period.version = lastVersion.incrementAndGet();
        period.changedAt = period.version;
        periods.put(periodId, period);
        byStart = null;
        return period;
    }

    /** Before changes are written. */
    synchronized void invalidate(List<RowChange> changes) {
        writing = true;
        for (RowChange change : changes) {
            if (change instanceof RowChange.Action action) {
                bump(action.before(), null);
                if (action.after() != action.before()) {
                    bump(action.after(), null);
                }
            } else if (change instanceof RowChange.Period period) {
                periodChanged(period.periodId());
            }
        }
    }

    /** After they were written: a reader of cached rows sees all of them or none. */
    synchronized void apply(List<RowChange> changes) {
        for (RowChange change : changes) {
            if (change instanceof RowChange.Action action) {
                bump(action.before(), action);
                if (action.after() != action.before()) {
                    bump(action.after(), action);
                }
            } else if (change instanceof RowChange.Period period) {
                periodChanged(period.periodId());
            }
        }
        writing = false;
    }

    /** Gives a new version to each period that contains the time, and the change to those whose rows are cached. */
    private void bump(long time, RowChange.@Nullable Action change) {
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
                sorted[i].version = lastVersion.incrementAndGet();
                if (change != null) {
                    apply(sorted[i], change);
                }
            }
        }
    }

    private static void apply(Period period, RowChange.Action change) {
        HotPeriod hot = period.hot;
        if (hot != null) {
            hot.apply(change, period.contains(change.after()));
            if (hot.shouldEvict()) {
                period.evict();
            }
        }
    }

    private Period[] sort() {
        Period[] sorted = periods.values().toArray(Period[]::new);
        Arrays.sort(sorted, Comparator.comparingLong(TeamCache::startOf));
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

    private void periodChanged(long periodId) {
        listVersion = lastVersion.incrementAndGet();
        Period period = periods.get(periodId);
        if (period != null) {
            period.version = lastVersion.incrementAndGet();
            period.changedAt = period.version;
            period.bounded = false;
            byStart = null;
            period.evict();
        }
    }

    synchronized Scan scan(long periodId, long version, boolean wantsRows) {
        Period period = periods.get(periodId);
        if (period == null) {
            return Scan.NONE;
        }
        HotPeriod hot = null;
        if (wantsRows
                && ++period.scans >= SCANS_BEFORE_HOT
                && period.hot == null
                && period.bounded
                && !memory.isExceeded()) {
            hot = new HotPeriod(memory); // from now on it collects changes: before the reader opens its iterator
            period.hot = hot;
        }
        return hot == null && period.bounded ? Scan.NONE : new PeriodScan(period, version, hot);
    }

    private synchronized void bounds(Period period, long version, long start, long end) {
        if (!period.bounded && period.changedAt <= version) {
            period.bounded = true;
            period.start = start;
            period.end = end;
            byStart = null;
        }
    }

    /** @param rows null if they cannot be kept */
    private synchronized void load(Period period, HotPeriod hot, byte[] periodRow, @Nullable List<CachedRow> rows) {
        if (forgotten || period.hot != hot) {
            return; // a change of the period came in between
        }
        if (rows != null) {
            hot.load(periodRow, rows);
        }
        if (rows == null || hot.shouldEvict()) {
            period.evict();
            period.scans = SCANS_BEFORE_HOT - SCANS_BEFORE_RETRY;
        }
    }

    /** The team is no longer tracked here. */
    synchronized void forget() {
        forgotten = true;
        periods.values().forEach(Period::evict);
    }

    /** One reader's way through a period's rows. */
    private final class PeriodScan implements Scan {

        private final Period period;
        private final long version;
        private final @Nullable HotPeriod hot;
        private final List<CachedRow> rows = new ArrayList<>();
        private byte[] periodRow = {};
        private boolean complete;

        /** @param hot takes the rows; null if nobody wants them */
        PeriodScan(Period period, long version, @Nullable HotPeriod hot) {
            this.period = period;
            this.version = version;
            this.hot = hot;
        }

        @Override
        public void period(byte[] row, long start, long end) {
            periodRow = row;
            bounds(period, version, start, end);
        }

        @Override
        public void row(long createdTime, long actionId, byte[] row) {
            if (hot != null && rows.size() <= HotPeriod.MAX_ROWS) {
                rows.add(new CachedRow(createdTime, actionId, row));
            }
        }

        @Override
        public void complete() {
            complete = true;
        }

        @Override
        public void close() {
            if (hot != null) {
                load(period, hot, periodRow, complete && rows.size() <= HotPeriod.MAX_ROWS ? rows : null);
            }
        }
    }
}
