package io.periodview.streams.owned;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a stream thread may take itself for the owner of its partitions. One that has not polled for half a session may
 * have been frozen, and others may have its partitions: it is not sure again before the group has answered two heartbeats.
 * The first may have been under way all the time; if the second says that the thread is no member any more, its next
 * poll takes its partitions away before it is counted. Written by one thread, read by any.
 */
final class Polls {

    private static final int HEARTBEATS = 2;

    private final long longestSilence;
    private final LongSupplier nanos;
    private volatile long last;
    private volatile boolean doubtful;
    private double sureAt;

    Polls(Duration session, LongSupplier nanos) {
        this.longestSilence = session.toNanos() / 2;
        this.nanos = nanos;
        this.last = nanos.getAsLong();
    }

    /** @param heartbeats that the group has answered so far */
    void polled(double heartbeats) {
        long now = nanos.getAsLong();
        if (now - last > longestSilence) {
            doubtful = true; // before `last` is moved: a reader must not see the one without the other
            sureAt = heartbeats + HEARTBEATS;
        } else if (doubtful && heartbeats >= sureAt) {
            doubtful = false;
        }
        last = now;
    }

    /** How long the thread has not polled, in nanoseconds. */
    long silence() {
        return nanos.getAsLong() - last;
    }

    boolean isSure() {
        return nanos.getAsLong() - last <= longestSilence && !doubtful;
    }
}
