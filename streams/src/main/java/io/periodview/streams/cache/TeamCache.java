package io.periodview.streams.cache;

import io.periodview.streams.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One team's part of the {@link ReadCache}. Thread-safe. */
final class TeamCache {

    /** Periods that are tracked of one team, about 100 bytes each. One more, and all of the team are forgotten. */
    static final int MAX_PERIODS = 2_000;

    /** Periods that one event may touch. One more, and the event is taken for a change of all of the team's. */
    private static final int MAX_TOUCHED = 50;

    /** From then on its rows are kept: unchanged responses are cached elsewhere, so it has changed in between. */
    private static final int SCANS_BEFORE_HOT = 3;

    /** Until a period that was not worth it is tried again. */
    private static final int SCANS_BEFORE_RETRY = 1_000;

    private final AtomicLong lastVersion;
    private final MemoryBudget memory;
    private final IntConsumer onTrack;
    private final Map<Long, TrackedPeriod> periods = new HashMap<>();
    private final PeriodsByStart byStart = new PeriodsByStart();
    private long listVersion;

    /** Of all periods: what is shown of one has the later of this version and its own. */
    private long periodsVersion;

    /** Between {@link #invalidate} and {@link #apply}: cached rows are those of before, and what is stored is not known. */
    private boolean writing;

    private boolean forgotten;

    /**
     * @param lastVersion the last version that was given to anything
     * @param onTrack is told how many are tracked more, or fewer; not under the lock, as it may take those of all teams
     */
    TeamCache(AtomicLong lastVersion, MemoryBudget memory, IntConsumer onTrack) {
        this.lastVersion = lastVersion;
        this.memory = memory;
        this.onTrack = onTrack;
        this.listVersion = lastVersion.incrementAndGet();
    }

    synchronized ReadCache.Entry periods() {
        return new ReadCache.Entry(listVersion, null);
    }

    /** @param wantsRows whether cached rows are of use to the reader */
    ReadCache.Entry period(long periodId, boolean wantsRows) {
        int more = 0;
        ReadCache.Entry entry;
        synchronized (this) {
            if (forgotten) {
                return new ReadCache.Entry(lastVersion.incrementAndGet(), null);
            }
            TrackedPeriod period = periods.get(periodId);
            if (period == null) {
                more = 1 - (periods.size() < MAX_PERIODS ? 0 : forgetPeriods());
                period = track(periodId);
            }
            HotPeriod hot = writing || !wantsRows ? null : period.hot;
            entry = new ReadCache.Entry(versionOf(period), hot == null ? null : hot.read());
        }
        if (more != 0) {
            onTrack.accept(more);
        }
        return entry;
    }

    private long versionOf(TrackedPeriod period) {
        return Math.max(period.version, periodsVersion);
    }

    private TrackedPeriod track(long periodId) {
        TrackedPeriod period = new TrackedPeriod(lastVersion.incrementAndGet());
        periods.put(periodId, period);
        byStart.add(period);
        return period;
    }

    /**
     * There is no such period: it is not worth watching.
     *
     * @param version from before it was looked for; if it has changed, there may be one by now
     */
    void forget(long periodId, long version) {
        synchronized (this) {
            TrackedPeriod period = periods.get(periodId);
            if (period == null || period.isBounded() || versionOf(period) != version) {
                return;
            }
            periods.remove(periodId);
            byStart.remove(period);
        }
        onTrack.accept(-1);
    }

    private int forgetPeriods() {
        int count = periods.size();
        periods.values().forEach(TrackedPeriod::evict);
        periods.clear();
        byStart.clear();
        return count;
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
        boolean areAll = byStart.forEachAt(time, MAX_TOUCHED, period -> {
            period.version = lastVersion.incrementAndGet();
            if (change != null) {
                period.apply(change);
            }
        });
        if (!areAll) {
            periodsVersion = lastVersion.incrementAndGet();
            periods.values().forEach(TrackedPeriod::evict);
        }
    }

    private void periodChanged(long periodId) {
        listVersion = lastVersion.incrementAndGet();
        TrackedPeriod period = periods.get(periodId);
        if (period != null) {
            byStart.remove(period);
            period.changed(lastVersion.incrementAndGet());
            byStart.add(period);
        }
    }

    synchronized Scan scan(long periodId, long version, boolean wantsRows) {
        TrackedPeriod period = periods.get(periodId);
        if (period == null) {
            return Scan.NONE;
        }
        HotPeriod hot = null;
        if (wantsRows
                && ++period.scans >= SCANS_BEFORE_HOT
                && period.hot == null
                && period.isBounded()
                && !memory.isExceeded()) {
            hot = new HotPeriod(memory); // from now on it collects changes: before the reader opens its iterator
            period.hot = hot;
        }
        return hot == null && period.isBounded() ? Scan.NONE : new PeriodScan(period, version, hot);
    }

    private synchronized void bounds(TrackedPeriod period, long version, long start, long end) {
        // Perhaps it is not tracked any more.
        if (!period.isBounded() && period.changedAt <= version && byStart.remove(period)) {
            period.bound(start, end);
            byStart.add(period);
        }
    }

    /**
     * @param rows null if they cannot be kept
     * @return whether it has taken them, and the memory that is reserved for them
     */
    private synchronized boolean load(
            TrackedPeriod period, HotPeriod hot, byte[] periodRow, @Nullable List<CachedRow> rows, long reserved) {
        if (period.hot != hot) {
            return false; // a change of the period came in between, or it is no longer tracked
        }
        if (rows != null) {
            hot.load(periodRow, rows, reserved);
        }
        if (rows == null || hot.shouldEvict()) {
            period.evict();
            period.scans = SCANS_BEFORE_HOT - SCANS_BEFORE_RETRY;
        }
        return rows != null;
    }

    /**
     * The team is no longer tracked here.
     *
     * @return how many were, the list of periods among them
     */
    synchronized int forget() {
        forgotten = true;
        return 1 + forgetPeriods();
    }

    /** One reader's way through a period's rows. */
    private final class PeriodScan implements Scan {

        private final TrackedPeriod period;
        private final long version;
        private final @Nullable HotPeriod hot;

        /** Null if they cannot be kept, or nobody wants them. */
        private @Nullable List<CachedRow> rows;

        private byte[] periodRow = {};
        private long reserved;
        private boolean complete;

        /** @param hot takes the rows; null if nobody wants them */
        PeriodScan(TrackedPeriod period, long version, @Nullable HotPeriod hot) {
            this.period = period;
            this.version = version;
            this.hot = hot;
            this.rows = hot == null ? null : new ArrayList<>();
        }

        @Override
        public void period(byte[] row, long start, long end) {
            periodRow = row;
            reserve(row.length);
            bounds(period, version, start, end);
        }

        @Override
        public boolean wantsRows() {
            return rows != null;
        }

        @Override
        public void row(long createdTime, long actionId, byte[] row) {
            if (rows == null) {
                return;
            }
            CachedRow cached = new CachedRow(createdTime, actionId, row);
            reserve(cached.bytes());
            if (rows != null) {
                rows.add(cached);
                if (rows.size() > HotPeriod.MAX_ROWS) {
                    drop();
                }
            }
        }

        /** Before the rows are kept. */
        private void reserve(long bytes) {
            if (rows != null) {
                if (memory.tryReserve(bytes)) {
                    reserved += bytes;
                } else {
                    drop();
                }
            }
        }

        private void drop() {
            rows = null;
            memory.release(reserved);
            reserved = 0;
        }

        @Override
        public void complete() {
            complete = true;
        }

        @Override
        public void close() {
            if (hot != null && !load(period, hot, periodRow, complete ? rows : null, reserved)) {
                drop();
            }
        }
    }
}
