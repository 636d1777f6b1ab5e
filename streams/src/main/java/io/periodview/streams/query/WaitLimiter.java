package io.periodview.streams.query;

import java.util.concurrent.Semaphore;

/** How many requests may wait for something at the same time: each keeps a thread of the server. Thread-safe. */
public final class WaitLimiter {

    private static final int MAX_WAITING = 100;

    private final Semaphore places = new Semaphore(MAX_WAITING);

    /** Whether one more may wait; it calls {@link #leave} when it no longer does. */
    public boolean tryEnter() {
        return places.tryAcquire();
    }

    public void leave() {
        places.release();
    }

    public int waiting() {
        return MAX_WAITING - places.availablePermits();
    }
}
