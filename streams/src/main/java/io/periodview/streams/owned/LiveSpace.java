package io.periodview.streams.owned;

import java.util.concurrent.atomic.AtomicLong;

/** What the live rows of all partitions take of the heap. Thread-safe. */
public final class LiveSpace {

    /** Some sixty thousand rows of half a kilobyte. */
    private static final long MOST_BYTES = 64L << 20;

    private final AtomicLong taken = new AtomicLong();

    boolean hasRoom() {
        return taken.get() <= MOST_BYTES;
    }

    /** Bytes. */
    long taken() {
        return taken.get();
    }

    /** @param bytes negative to give back */
    void take(long bytes) {
        taken.addAndGet(bytes);
    }
}
