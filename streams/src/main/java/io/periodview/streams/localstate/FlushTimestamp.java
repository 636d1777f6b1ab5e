package io.periodview.streams.localstate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * When a store was last flushed, and to which changelog its rows were written, in a file beside it. RocksDB keeps what is
 * written in memory until there is enough of it, so after a crash the store on disk is that of its last flush, and Kafka
 * Streams restores what the changelog has since. That is exact only while the changelog still has every deletion since:
 * longer ago, and a deleted row would stay. And only if it is the same changelog: offsets of another one say nothing. Not
 * thread-safe.
 */
public final class FlushTimestamp {

    /** The age from which a store is not restored from where it stopped: the changelog keeps deletions for 14 days. */
    public static final Duration MAX_AGE = Duration.ofDays(3);

    private final Path file;
    private final Clock clock;

    /** @param task the directory of the task whose store it is */
    public FlushTimestamp(Path task, Clock clock) {
        this.file = task.resolve("flushed-at");
        this.clock = clock;
    }

    /**
     * What is known of the store on disk.
     *
     * @param age for how long what was written is on disk only as far as it was then
     * @param changelog the id of the topic that its rows were written to
     */
    public record Flushed(Duration age, Uuid changelog) {}

    /** Null if it is not known. */
    public @Nullable Flushed read() throws IOException {
        try {
            List<String> lines = Files.readAllLines(file, ISO_8859_1);
            if (lines.size() != 2) {
                return null;
            }
            Duration age = Duration.between(Instant.parse(lines.get(0)), clock.instant());
            return age.isNegative() ? null : new Flushed(age, Uuid.fromString(lines.get(1)));
        } catch (NoSuchFileException | DateTimeException | IllegalArgumentException e) {
            return null; // of another version of the service, or damaged
        }
    }

    /** All that was written to the store until now is on disk. */
    public void setToNow(Uuid changelog) throws IOException {
        Path written = file.resolveSibling("flushed-at.new");
        Files.writeString(written, clock.instant() + "\n" + changelog + "\n", ISO_8859_1);
        Files.move(written, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
