package io.periodview.api.http;

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
 * Copies the body of another instance's answer, and gives up when nothing comes for a while: an instance that froze would
 * hold a thread of this one for ever. The HTTP client's own time limit ends with the head.
 */
final class StalledBody {

    private static final Logger LOG = LoggerFactory.getLogger(StalledBody.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stalled-bodies");
        thread.setDaemon(true);
        return thread;
    });

    private final InputStream body;
    private volatile long lastProgress = System.nanoTime();

    private StalledBody(InputStream body) {
        this.body = body;
    }

    /** @throws IOException also if nothing came, or nothing could be written, for half a minute */
    static void copy(InputStream body, OutputStream out) throws IOException {
        StalledBody watched = new StalledBody(body);
        ScheduledFuture<?> watch = CLOCK.scheduleWithFixedDelay(
                watched::look, LOOK_EVERY.toNanos(), LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
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

    private void look() {
        if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
            try {
                body.close(); // whoever reads it finds it closed
            } catch (IOException e) {
                LOG.debug("A stalled answer could not be closed", e);
            }
        }
    }
}
