package io.periodview.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * A file that says that the local state was closed in order, and when: written after a clean close, removed at the start.
 *
 * <p>Local state that lacks it can be older than it says, since Kafka Streams 4.3 flushes nothing at a commit. What is
 * older than some days could miss deletions that the changelog has forgotten. Such state is rather restored anew.
 */
final class CleanClose {

    /** Well below the time for which the changelog keeps tombstones. */
    private static final Duration LONGEST_REST = Duration.ofDays(3);

    private final Path file;
    private final Clock clock;

    /** @param applicationId whose state it is: several applications may have used the same directory, one after another */
    CleanClose(Path stateDir, String applicationId, Clock clock) {
        this.file = stateDir.resolve(applicationId + ".closed-in-order");
        this.clock = clock;
    }

    /** Removes the mark, and says whether the state it stands for can be used. */
    boolean takeAway() throws IOException {
        try {
            Instant closed = Instant.parse(Files.readString(file, ISO_8859_1).strip());
            Files.delete(file);
            Duration rest = Duration.between(closed, clock.instant());
            return !rest.isNegative() && rest.compareTo(LONGEST_REST) < 0;
        } catch (NoSuchFileException e) {
            return false;
        } catch (DateTimeException e) {
            Files.delete(file); // cut off while it was written, or damaged
            return false;
        }
    }

    void leave() throws IOException {
        Files.writeString(file, clock.instant() + "\n");
    }
}
