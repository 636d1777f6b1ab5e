package io.periodview.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that fails, as a broker may be gone for a while; gives up when it fails again and again. Its
 * transaction is aborted, so its records come again. Thread-safe.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);
    private static final int MOST = 10;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    private final Clock clock;
    private final Deque<Instant> recent = new ArrayDeque<>();
    private final CompletableFuture<Throwable> gaveUp = new CompletableFuture<>();

    ThreadFailures(Clock clock) {
        this.clock = clock;
    }

    /** Completes with the last failure when there were too many. */
    CompletableFuture<Throwable> gaveUp() {
        return gaveUp;
    }

    /** The thread of the API keys cannot be replaced; when it dies, the whole client ends in an error. */
    void stateIs(KafkaStreams.State state) {
        if (state == KafkaStreams.State.ERROR) {
            gaveUp.complete(new IllegalStateException("Kafka Streams stopped; the log says why"));
        }
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        Instant now = clock.instant();
        recent.addLast(now);
        recent.removeIf(then -> then.isBefore(now.minus(WITHIN)));
        if (recent.size() <= MOST && !(failure instanceof Error)) {
            LOG.error("A stream thread failed and is replaced; its last events are applied again", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("A stream thread failed; this instance stops", failure);
        gaveUp.complete(failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
