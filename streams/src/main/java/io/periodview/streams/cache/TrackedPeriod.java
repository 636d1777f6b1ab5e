package io.periodview.streams.cache;

import org.jspecify.annotations.Nullable;

/** A period that somebody has read, as of when it last changed. Guarded by the lock of its {@link TeamCache}. */
final class TrackedPeriod {

    long version;

    /** The version as of the last change of the period itself. */
    long changedAt;

    /** How often its rows were read from the store. */
    int scans;

    @Nullable
    HotPeriod hot;

    private boolean bounded;

    /** Until its bounds are known, it may contain anything. */
    private long start = Long.MIN_VALUE;

    private long end = Long.MAX_VALUE;

    TrackedPeriod(long version) {
        this.version = version;
        this.changedAt = version;
    }

    boolean isBounded() {
        return bounded;
    }

    long start() {
        return start;
    }

    /** Behind its last moment; the last there is if it is open. */
    long end() {
        return end;
    }

    boolean contains(long time) {
        return !bounded || (start <= time && time < end);
    }

    void bound(long from, long until) {
        bounded = true;
        start = from;
        end = until;
    }

    /** The period itself has changed: its bounds and rows are to be read anew. */
    void changed(long at) {
        version = at;
        changedAt = at;
        bounded = false;
        start = Long.MIN_VALUE;
        end = Long.MAX_VALUE;
        evict();
    }

    void apply(RowChange.Action change) {
        if (hot != null) {
            hot.apply(change, contains(change.after()));
            if (hot.shouldEvict()) {
                evict();
            }
        }
    }

    void evict() {
        if (hot != null) {
            hot.evict();
            hot = null;
            scans = 0;
        }
    }
}
