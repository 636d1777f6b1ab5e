package io.periodview.streams;

import io.periodview.streams.intake.Notices;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what there is to say of an instance's events, from a thread of its own: a punctuator would make every idle task
 * commit, and the last of a burst of events is to be told without another one after it.
 */
final class NoticeLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NoticeLog.class);

    private final Notices notices = new Notices(System::nanoTime);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "notices");
        thread.setDaemon(true);
        return thread;
    });

    NoticeLog() {
        // A second after the first event, the line of a burst does not say that it was one.
        timer.scheduleWithFixedDelay(this::say, 1, 1, TimeUnit.SECONDS);
    }

    Notices notices() {
        return notices;
    }

    private void say() {
        @Nullable String rerouted = notices.ofRerouted();
        if (rerouted != null) {
            LOG.info(rerouted);
        }
        @Nullable String rejected = notices.ofRejected();
        if (rejected != null) {
            LOG.warn(rejected);
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        say();
    }
}
