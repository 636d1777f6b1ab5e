package io.periodview.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sun.misc.Signal;

/** The request to stop: SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
public final class StopSignal {

    private static final int SIGNALLED = 128;

    private final CompletableFuture<String> received = new CompletableFuture<>();

    private StopSignal() {}

    /** From now on these signals request a graceful stop. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            Signal.handle(new Signal(name), signal -> {
                if (!stop.received.complete(signal.getName())) {
                    Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
                }
            });
        }
        return stop;
    }

    public boolean isReceived() {
        return received.isDone();
    }

    /** Waits for a signal, at most this long. */
    public boolean isReceivedWithin(Duration timeout) throws InterruptedException {
        try {
            received.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("It is completed normally", e);
        }
    }

    /** Waits for a signal or for one of the others. */
    public void await(CompletableFuture<?>... others) throws InterruptedException {
        try {
            CompletableFuture.anyOf(received, CompletableFuture.anyOf(others)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("These are completed normally", e);
        }
    }
}
