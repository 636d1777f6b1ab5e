package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was done when, to explain a difference. Thread-safe. */
final class EventJournal implements AutoCloseable {

    private final long start = System.nanoTime();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final PrintStream file;

    /** @param folder where it is also written, in case the test does not end */
    EventJournal(Path folder) {
        try {
            file = new PrintStream(
                    Files.newOutputStream(Files.createDirectories(folder).resolve("journal.txt")), true, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void note(String format, Object... arguments) {
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        String line = String.format("%7.3f s  ", millis / 1e3) + String.format(format, arguments);
        lines.add(line);
        file.println(Instant.now() + " " + line);
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
