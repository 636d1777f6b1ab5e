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
    void stateThatWasFlushedAMomentAgoIsRecent() throws IOException {
        at(NOW).setToNow();
        assertThat(at(NOW).isRecent()).isTrue();
        assertThat(at(Clock.offset(NOW, Duration.ofDays(3).minusSeconds(1))).isRecent())
                .isTrue();
    }

    @Test
    void stateThatWasFlushedDaysAgoIsNot() throws IOException {
        at(NOW).setToNow();
        assertThat(at(Clock.offset(NOW, Duration.ofDays(3))).isRecent()).isFalse();
    }

    @Test
    void aLaterFlushCounts() throws IOException {
        at(Clock.offset(NOW, Duration.ofDays(-9))).setToNow();
        at(NOW).setToNow();
        assertThat(at(NOW).isRecent()).isTrue();
    }

    @Test
    void stateWithoutTimestampOrFromTheFutureIsNot() throws IOException {
        assertThat(at(NOW).isRecent()).isFalse();
        at(NOW).setToNow();
        assertThat(at(Clock.offset(NOW, Duration.ofSeconds(-1))).isRecent()).isFalse();
    }

    @Test
    void aTruncatedTimestampIsNone() throws IOException {
        Files.writeString(task.resolve("flushed-at"), "2024-07-");
        assertThat(at(NOW).isRecent()).isFalse();
    }

    private FlushTimestamp at(Clock clock) {
        return new FlushTimestamp(task, clock);
    }
}
