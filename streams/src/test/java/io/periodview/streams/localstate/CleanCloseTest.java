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

class CleanCloseTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2024-07-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void theMarkCountsOnce() throws IOException {
        mark("a", NOW).leave();
        assertThat(mark("a", NOW).takeAway()).isTrue();
        assertThat(mark("a", NOW).takeAway()).isFalse();
    }

    @Test
    void itVouchesForItsApplicationOnly() throws IOException {
        mark("a", NOW).leave();
        assertThat(mark("b", NOW).takeAway()).isFalse();
        assertThat(mark("a", NOW).takeAway()).isTrue();
    }

    @Test
    void stateThatRestedForDaysIsNotUsed() throws IOException {
        mark("a", NOW).leave();
        assertThat(mark("a", Clock.offset(NOW, Duration.ofDays(3))).takeAway()).isFalse();
    }

    @Test
    void neitherIsStateFromTheFutureOrWithHalfAMark() throws IOException {
        mark("a", NOW).leave();
        assertThat(mark("a", Clock.offset(NOW, Duration.ofSeconds(-1))).takeAway())
                .isFalse();
        mark("a", NOW).leave();
        Files.writeString(folder.resolve("a.closed-in-order"), "2024-07-");
        assertThat(mark("a", NOW).takeAway()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    private CleanClose mark(String applicationId, Clock clock) {
        return new CleanClose(folder, applicationId, clock);
    }
}
