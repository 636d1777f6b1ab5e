package io.periodview.api.routing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the body of another instance's response, and fails when nothing comes because that instance has frozen, or for
 * long: the HTTP client's own timeout ends with the head.
 */
final class StallDetector {

    private static final Logger LOG = LoggerFactory.getLogger(StallDetector.class);

    /** The response that the other sends is buffered there already: nothing holds it up. */
    private static final Duration PING_AFTER = Duration.ofSeconds(1);

    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stall-detector");
        thread.setDaemon(true);
        return thread;
    });

    /** Whether the other instance gives a sign of life; it may take a second to tell. */
    interface Other {
        boolean isAlive() throws InterruptedException;
    }

    private final InputStream body;
    private final Other other;
    private volatile long lastProgress = System.nanoTime();

    private StallDetector(InputStream body, Other other) {
        this.body = body;
        this.other = other;
    }

    /** @throws IOException also if nothing came and the other does not live, or nothing for half a minute */
    static void copy(InputStream body, OutputStream out, Other other) throws IOException {
        StallDetector watched = new StallDetector(body, other);
        ScheduledFuture<?> watch = CLOCK.scheduleWithFixedDelay(
                watched::check, CHECK_INTERVAL.toNanos(), CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        try {
            byte[] buffer = new byte[16 << 10];
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                out.write(buffer, 0, length);
                watched.lastProgress = System.nanoTime();
            }
        } finally {
            watch.cancel(false);
        }
    }

    private void check() {
        long stalled = System.nanoTime() - lastProgress;
        try {
            if (stalled > STALL_TIMEOUT.toNanos() || (stalled > PING_AFTER.toNanos() && !other.isAlive())) {
                body.close(); // its reader finds it closed
            }
        } catch (IOException e) {
            LOG.debug("A stalled response could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }
}
