package io.periodview.cli.chaos;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The producers' thread: batch after batch, until stopped. */
final class Publishing implements Runnable {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Producers producers;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile int batches;
    private volatile @Nullable Exception failure;

    Publishing(Producers producers) {
        this.producers = producers;
    }

    void stop() {
        stopped.set(true);
    }

    int batches() {
        return batches;
    }

    /** Call it when the thread has ended. */
    void rethrow() throws Exception {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void run() {
        try {
            for (int done = 0; !stopped.get(); batches = ++done) {
                producers.publishBatch();
                LockSupport.parkNanos(PAUSE);
            }
        } catch (ExecutionException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
