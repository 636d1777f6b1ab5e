package io.periodview.streams;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.metrics.ServiceMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;

class StreamThreadFailureHandlerTest {

    private Instant now = Instant.EPOCH;
    private final AtomicInteger counted = new AtomicInteger();
    private final StreamThreadFailureHandler failures = new StreamThreadFailureHandler(
            new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            },
            Path.of("state"),
            Duration.ZERO,
            new ServiceMetrics() {
                @Override
                public void threadFailed() {
                    counted.incrementAndGet();
                }
            });

    @Test
    void aThreadThatFailsIsReplacedAndOneThatFailsAgainAndAgainEndsTheInstance() {
        failures.stateIs(KafkaStreams.State.PENDING_SHUTDOWN); // nothing to wait for
        IllegalStateException last = new IllegalStateException("the eleventh");
        for (int i = 0; i < 10; i++) {
            assertThat(failures.handle(new IllegalStateException("again"))).isEqualTo(REPLACE_THREAD);
        }
        assertThat(failures.fatalError()).isNotDone();
        assertThat(failures.handle(last)).isEqualTo(SHUTDOWN_CLIENT);
        assertThat(failures.fatalError()).isCompletedWithValue(last);
        assertThat(counted).hasValue(11);
    }

    @Test
    void failuresOfLongAgoAreForgotten() {
        failures.stateIs(KafkaStreams.State.PENDING_SHUTDOWN);
        for (int i = 0; i < 12; i++) {
            assertThat(failures.handle(new IllegalStateException("now and then")))
                    .isEqualTo(REPLACE_THREAD);
            now = now.plus(Duration.ofMinutes(2));
        }
    }

    @Test
    void whatAnOperatorHasToMendIsWaitedFor() {
        for (int i = 0; i < 12; i++) {
            assertThat(failures.handle(new AuthorizationException("no"))).isEqualTo(REPLACE_THREAD);
        }
        assertThat(failures.fatalError()).isNotDone();
    }
}
