package io.periodview.streams.partition;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a stream thread may still call itself the owner of its partitions. A thread that has not polled for half a
 * session may have been frozen, and the group may have given its partitions to others: the lease is valid again after the
 * group has answered two heartbeats. The first may have been in flight all the time; if the second says that the thread
 * is no longer a member, its next poll takes its partitions away before it is counted. Written by one thread, read by any.
 */
final class OwnershipLease {

    private static final int HEARTBEATS = 2;

    private final long maxPollGap;
    private final LongSupplier nanos;
    private volatile long lastPoll;
    private volatile boolean unconfirmed;
    private volatile long resumedAt;
    private double confirmedAt;

    OwnershipLease(Duration session, LongSupplier nanos) {
        this.maxPollGap = session.toNanos() / 2;
        this.nanos = nanos;
        this.lastPoll = nanos.getAsLong();
    }

    /** @param heartbeats that the group has answered so far */
    void polled(double heartbeats) {
        long now = nanos.getAsLong();
        if (now - lastPoll > maxPollGap) {
            resumedAt = now;
            unconfirmed = true; // before `lastPoll` is moved: a reader must not see the one without the other
            confirmedAt = heartbeats + HEARTBEATS;
        } else if (unconfirmed && heartbeats >= confirmedAt) {
            unconfirmed = false;
        }
        lastPoll = now;
    }

    /** Nanoseconds since the last poll. */
    long pollAge() {
        return nanos.getAsLong() - lastPoll;
    }

    /** Whether it is not valid, and will hardly be at once: two heartbeats come within a fifth of a session. */
    boolean isOverdue() {
        long now = nanos.getAsLong();
        return now - lastPoll > maxPollGap || (unconfirmed && now - resumedAt > maxPollGap / 2);
    }

    boolean isValid() {
        return nanos.getAsLong() - lastPoll <= maxPollGap && !unconfirmed;
    }
}
