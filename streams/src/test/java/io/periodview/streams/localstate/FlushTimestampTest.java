package io.periodview.streams.localstate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushTimestampTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2024-07-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path task;

    @Test
    void theAgeIsTheTimeSinceTheFlush() throws IOException {
        at(NOW).setToNow();
        assertThat(at(NOW).age()).isZero();
        assertThat(at(Clock.offset(NOW, Duration.ofDays(3))).age()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aLaterFlushCounts() throws IOException {
        at(Clock.offset(NOW, Duration.ofDays(-9))).setToNow();
        at(NOW).setToNow();
        assertThat(at(NOW).age()).isZero();
    }

    @Test
    void stateWithoutTimestampOrFromTheFutureHasNoAge() throws IOException {
        assertThat(at(NOW).age()).isNull();
        at(NOW).setToNow();
        assertThat(at(Clock.offset(NOW, Duration.ofSeconds(-1))).age()).isNull();
    }

    @Test
    void aTruncatedTimestampIsNone() throws IOException {
        Files.writeString(task.resolve("flushed-at"), "2024-07-");
        assertThat(at(NOW).age()).isNull();
    }

    private FlushTimestamp at(Clock clock) {
        return new FlushTimestamp(task, clock);
    }
}
