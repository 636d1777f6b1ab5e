package io.periodview.streams;

import io.periodview.streams.measured.Meters;
import io.periodview.streams.state.FullDisk;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that fails, as a broker may be gone for a while; gives up when it fails again and again, and
 * at once when the disk is full. Its transaction is aborted, so its records come again. What an operator has to mend in
 * the cluster, such as a topic that cannot be written to, is waited for. Thread-safe.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);
    private static final int MOST = 10;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** A failing thread is given the order to leave the group before it ends by itself, which would not. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final Clock clock;
    private final Path stateDir;
    private final Duration untilMended;
    private final Meters meters;
    private final Deque<Instant> recent = new ArrayDeque<>();
    private final CompletableFuture<Throwable> gaveUp = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @param untilMended how long to wait for an operator until the next attempt */
    ThreadFailures(Clock clock, Path stateDir, Duration untilMended, Meters meters) {
        this.clock = clock;
        this.stateDir = stateDir;
        this.untilMended = untilMended;
        this.meters = meters;
    }

    /** Completes with the last failure when there were too many. Whoever waits for it stops the client. */
    CompletableFuture<Throwable> gaveUp() {
        return gaveUp;
    }

    /** The thread of the API keys cannot be replaced; when it dies, the whole client ends in an error. */
    void stateIs(KafkaStreams.State state) {
        if (state == KafkaStreams.State.ERROR) {
            gaveUp.complete(new IllegalStateException("Kafka Streams stopped; the log says why"));
        }
        if (!state.isRunningOrRebalancing()) {
            stopping.countDown();
        }
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        meters.threadFailed();
        if (FullDisk.isCauseOf(failure)) {
            return giveUp(new StateDiskFull(stateDir), failure);
        }
        if (isForAnOperator(failure)) {
            LOG.error(
                    "A stream thread cannot go on until the cause is mended; its partitions stand still, nothing is"
                            + " lost. It tries again in {}",
                    untilMended,
                    failure);
            awaitStop(untilMended);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        if (isOneTooMany() || failure instanceof Error) {
            return giveUp(failure, failure);
        }
        LOG.error("A stream thread failed and is replaced; its last events are applied again", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static boolean isForAnOperator(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException
                    || cause instanceof AuthorizationException
                    || cause instanceof InvalidTopicException
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
        return recent.size() > MOST;
    }

    private StreamThreadExceptionResponse giveUp(Throwable reason, Throwable failure) {
        LOG.error("A stream thread failed; this instance stops: {}", reason.getMessage(), failure);
        gaveUp.complete(reason);
        awaitStop(STOP_PATIENCE);
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
