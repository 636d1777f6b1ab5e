package io.periodview.streams.memory;

import java.util.concurrent.atomic.AtomicLong;

/** A limit of bytes that several users share. Thread-safe. */
public final class MemoryBudget {

    private final long max;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long max) {
        this.max = max;
    }

    /** Takes the bytes if there is room for them. Who got them gives them back with {@link #release}. */
    public boolean tryReserve(long bytes) {
        if (used.addAndGet(bytes) <= max) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Takes bytes that are in use already; to be followed by a look at {@link #isExceeded}. */
    public void reserve(long bytes) {
        used.addAndGet(bytes);
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }

    public long max() {
        return max;
    }

    public boolean isExceeded() {
        return used.get() > max;
    }
}
