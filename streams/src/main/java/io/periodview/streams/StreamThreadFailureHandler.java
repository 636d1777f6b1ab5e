package io.periodview.streams;

import io.periodview.streams.localstate.DiskFullException;
import io.periodview.streams.metrics.ServiceMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that fails, as a broker may be gone for a while; ends the instance when threads fail again and
 * again, and at once when the disk is full. A failed thread's transaction is aborted, so its records come again. What an
 * operator has to fix in the cluster, such as a topic that cannot be written to, is waited for. Thread-safe.
 */
final class StreamThreadFailureHandler implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(StreamThreadFailureHandler.class);
    private static final int MAX_FAILURES = 10;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** A failing thread has to leave the group before it ends by itself, which would not leave it. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Clock clock;
    private final Path stateDir;
    private final Duration operatorRetryInterval;
    private final ServiceMetrics metrics;
    private final Deque<Instant> recent = new ArrayDeque<>();
    private final CompletableFuture<Throwable> fatalError = new CompletableFuture<>();
    private volatile Supplier<@Nullable String> topicProblem = () -> null;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @param operatorRetryInterval how long to wait for an operator until the next attempt */
    StreamThreadFailureHandler(Clock clock, Path stateDir, Duration operatorRetryInterval, ServiceMetrics metrics) {
        this.clock = clock;
        this.stateDir = stateDir;
        this.operatorRetryInterval = operatorRetryInterval;
        this.metrics = metrics;
    }

    /** Completes with the last failure when there were too many. The caller stops the client then. */
    CompletableFuture<Throwable> fatalError() {
        return fatalError;
    }

    /** The thread of the API keys cannot be replaced; when it dies, the whole client ends in an error. */
    void stateIs(KafkaStreams.State state) {
        if (state == KafkaStreams.State.ERROR) {
            fatalError.complete(new IllegalStateException("Kafka Streams stopped; the log says why"));
        }
        if (!state.isRunningOrRebalancing()) {
            stopping.countDown();
        }
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        metrics.threadFailed();
        if (DiskFullException.isCauseOf(failure)) {
            return endWith(new DiskFullException(stateDir, failure), failure);
        }
        String topics = topicProblem.get();
        if (topics != null || isForAnOperator(failure)) {
            LOG.error(
                    "A stream thread is blocked until the cause is fixed; its partitions are stalled, no data is lost."
                            + " Next attempt in {}",
                    operatorRetryInterval,
                    failure);
            awaitStop(operatorRetryInterval);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        if (isOneTooMany() || failure instanceof Error) {
            return endWith(failure, failure);
        }
        LOG.error("A stream thread failed and is replaced; its last events are applied again", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** @param problem what is wrong with the topics, or null: whatever fails meanwhile, fails for that */
    void topicProblem(Supplier<@Nullable String> problem) {
        this.topicProblem = problem;
    }

    private static boolean isForAnOperator(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException
                    || cause instanceof AuthorizationException
                    || cause instanceof InvalidTopicException
                    || cause instanceof MissingSourceTopicException
                    || cause instanceof UnknownTopicOrPartitionException) {
                return true;
            }
        }
        return false;
    }

    private synchronized boolean isOneTooMany() {
        Instant now = clock.instant();
        recent.addLast(now);
        recent.removeIf(then -> then.isBefore(now.minus(WITHIN)));
        return recent.size() > MAX_FAILURES;
    }

    private StreamThreadExceptionResponse endWith(Throwable reason, Throwable failure) {
        LOG.error("A stream thread failed; this instance stops: {}", reason.getMessage(), failure);
        fatalError.complete(reason);
        awaitStop(STOP_TIMEOUT);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private void awaitStop(Duration atMost) {
        try {
            if (stopping.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("The client stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
