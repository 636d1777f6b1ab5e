package io.periodview.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The files in a broker's directory.
 *
 * <p>{@code broker.lock} holds the process id of the broker and is locked for as long as that lives; {@code
 * server.properties} are the settings of its last start; {@code kafka/} is the data; {@code broker.log} what it logs,
 * {@code broker.out} what it prints, which is nothing unless the JVM itself has something to say.
 */
public record DataDirectory(Path path) {

    private static final int DELETE_ATTEMPTS = 10;

    private Path lockFile() {
        return path.resolve("broker.lock");
    }

    Path settingsFile() {
        return path.resolve("server.properties");
    }

    public Path logs() {
        return path.resolve("kafka");
    }

    private Path logFile() {
        return path.resolve("broker.log");
    }

    public Path outputFile() {
        return path.resolve("broker.out");
    }

    /** Creates it if needed. One that is to be deleted must be empty or a broker's: a typo must not cost anyone's files. */
    public void prepare(boolean deletedAtExit) throws IOException {
        Files.createDirectories(path);
        if (deletedAtExit && !Files.exists(lockFile())) {
            try (Stream<Path> content = Files.list(path)) {
                if (content.findAny().isPresent()) {
                    throw new IOException(
                            "it is to be deleted at exit, but is neither empty nor a broker's; choose another");
                }
            }
        }
    }

    public void write(Properties settings) throws IOException {
        try (OutputStream out = Files.newOutputStream(settingsFile())) {
            settings.store(out, "Written at each start");
        }
    }

    /**
     * Locks the directory for this process until it ends.
     *
     * @return false if another process has it
     */
    // The lock must live as long as the process, so nobody closes the channel.
    @SuppressWarnings("resource")
    boolean lockForLife() throws IOException {
        FileChannel channel = FileChannel.open(lockFile(), CREATE, READ, WRITE);
        if (channel.tryLock() == null) {
            return false;
        }
        channel.truncate(0);
        channel.write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())));
        return true;
    }

    /** Whether a process has {@link #lockForLife() locked} it. */
    public boolean isLocked() throws IOException {
        if (!Files.exists(lockFile())) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lockFile(), READ, WRITE)) {
            return channel.tryLock() == null; // closing releases it
        } catch (OverlappingFileLockException anotherThreadOfThisProcess) {
            return true;
        }
    }

    /** The process id of the broker that last had it, as text. */
    public String owner() throws IOException {
        return Files.exists(lockFile()) ? Files.readString(lockFile()) : "";
    }

    /** The last lines that the broker logged and printed since its last start, without stack traces. */
    public String lastLines(long logStart) {
        try {
            Stream<String> printed = Files.exists(outputFile()) ? tail(outputFile(), 0) : Stream.empty();
            Stream<String> logged = Files.exists(logFile()) ? tail(logFile(), logStart) : Stream.empty();
            List<String> lines = Stream.concat(printed, logged).toList();
            return lines.isEmpty() ? "(it logged nothing)" : String.join("\n", lines);
        } catch (IOException e) {
            return "(its log cannot be read: " + e + ")";
        }
    }

    public long logSize() throws IOException {
        return Files.exists(logFile()) ? Files.size(logFile()) : 0;
    }

    private static Stream<String> tail(Path file, long start) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            long size = channel.size();
            long from = Math.max(start <= size ? start : 0, size - 8_192);
            ByteBuffer end = ByteBuffer.allocate((int) (size - from));
            while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {
                // read on
            }
            List<String> lines = UTF_8.decode(end.flip())
                    .toString()
                    .lines()
                    .filter(line -> !line.startsWith("\tat "))
                    .toList();
            return lines.subList(Math.max(0, lines.size() - 20), lines.size()).stream();
        }
    }

    /** Deletes everything; a broker that is still writing its last files may make that take several attempts. */
    public void delete() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                deleteTree(path);
                return;
            } catch (DirectoryNotEmptyException | NoSuchFileException changedMeanwhile) {
                if (attempt == DELETE_ATTEMPTS) {
                    throw changedMeanwhile;
                }
            }
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (Files.isDirectory(tree, NOFOLLOW_LINKS)) {
            List<Path> children;
            try (Stream<Path> content = Files.list(tree)) {
                children = content.toList();
            }
            for (Path child : children) {
                deleteTree(child);
            }
        }
        Files.deleteIfExists(tree);
    }
}
