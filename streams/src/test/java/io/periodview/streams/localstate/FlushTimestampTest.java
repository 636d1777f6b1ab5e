package io.periodview.streams.localstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.localstate.FlushTimestamp.Flushed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushTimestampTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2024-07-01T00:00:00Z"), ZoneOffset.UTC);

    private static final Uuid CHANGELOG = Uuid.randomUuid();

    @TempDir
    private Path task;

    @Test
    void theAgeIsTheTimeSinceTheFlush() throws IOException {
        at(NOW).setToNow(CHANGELOG);
        assertThat(at(NOW).read()).isEqualTo(new Flushed(Duration.ZERO, CHANGELOG));
        assertThat(at(Clock.offset(NOW, Duration.ofDays(3))).read())
                .isEqualTo(new Flushed(Duration.ofDays(3), CHANGELOG));
    }

    @Test
    void aLaterFlushCounts() throws IOException {
        at(Clock.offset(NOW, Duration.ofDays(-9))).setToNow(Uuid.randomUuid());
        at(NOW).setToNow(CHANGELOG);
        assertThat(at(NOW).read()).isEqualTo(new Flushed(Duration.ZERO, CHANGELOG));
    }

    @Test
    void stateWithoutTimestampOrFromTheFutureIsNotKnown() throws IOException {
        assertThat(at(NOW).read()).isNull();
        at(NOW).setToNow(CHANGELOG);
        assertThat(at(Clock.offset(NOW, Duration.ofSeconds(-1))).read()).isNull();
    }

    @Test
    void whatIsNotWholeIsNotKnown() throws IOException {
        for (String content : List.of(
                "", "2024-07-", "2024-07-01T00:00:00Z\n", "2024-07-01T00:00:00Z\nnone\n", "\n" + CHANGELOG + "\n")) {
            Files.writeString(task.resolve("flushed-at"), content);
            assertThat(at(NOW).read()).as(content).isNull();
        }
    }

    private FlushTimestamp at(Clock clock) {
        return new FlushTimestamp(task, clock);
    }
}
