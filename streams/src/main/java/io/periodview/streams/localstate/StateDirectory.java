package io.periodview.streams.localstate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory with all local state of this instance, locked until closed or until the process ends. Thread-safe.
 *
 * <pre>
 * in-use                      locked while an instance runs
 * instance-id                 see {@link #instanceId}
 * native/                     RocksDB's library
 * responses/                  temporary files, each gone with its response
 * APPLICATION-ID/             Kafka Streams' own: a directory for each task, in it RocksDB's files
 * APPLICATION-ID.unreadable/  see {@link Quarantine}
 * </pre>
 */
public final class StateDirectory implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    private static final String TASKS = "[0-9]*_[0-9]*";

    /** Part of Kafka's layout. */
    private static final String PROCESS = "kafka-streams-process-metadata";

    private final Path path;
    private final FileChannel lock;

    private StateDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Locks the directory and prepares it for Kafka Streams.
     *
     * @throws StateDirectoryLockedException if another instance has it
     * @throws DiskFullException if there is no room
     * @throws IOException if it cannot be used
     */
    public static StateDirectory open(Path path, String applicationId) throws IOException {
        try {
            StateDirectory directory = new StateDirectory(path, lock(Files.createDirectories(path)));
            boolean done = false;
            try {
                directory.prepare(applicationId);
                done = true;
                return directory;
            } finally {
                if (!done) {
                    directory.close();
                }
            }
        } catch (IOException | RuntimeException e) {
            if (DiskFullException.isCauseOf(e)) {
                throw new DiskFullException(path, e);
            }
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel file = FileChannel.open(path.resolve("in-use"), CREATE, WRITE);
        boolean ours = false;
        try {
            ours = file.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            // not ours either
        } finally {
            if (!ours) {
                file.close();
            }
        }
        if (!ours) {
            throw new StateDirectoryLockedException(path);
        }
        return file;
    }

    private void prepare(String applicationId) throws IOException {
        // RocksDB unpacks its library at every start, and a killed process leaves it behind: in one fixed place.
        NativeLibraryLoader.getInstance()
                .loadLibrary(Files.createDirectories(path.resolve("native")).toString());
        Path application = Files.createDirectories(path.resolve(applicationId));
        quarantineStrayFiles(application);
        // Kafka Streams reads its own id there, and would make another one; with this one, the id of a member of the
        // group
        // says which transactions are its own.
        replace(application.resolve(PROCESS), "{\"processId\":\"" + instanceId() + "\"}");
    }

    /** Where Kafka Streams expects the directory of a task, and cannot make one. */
    private static void quarantineStrayFiles(Path application) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(application, TASKS)) {
            for (Path task : tasks) {
                if (!Files.isDirectory(task)) {
                    Quarantine.move(task, task, "it is no directory");
                }
            }
        }
    }

    /** Deletes the state of all tasks: it belongs to a changelog that does not exist. */
    public void discardTasks(String applicationId, String why) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(path.resolve(applicationId), TASKS)) {
            for (Path task : tasks) {
                LOG.warn("Discarding the local state {}: {}", task, why);
                Utils.delete(task.toFile());
            }
        }
    }

    public Path path() {
        return path;
    }

    /** Tells the instance whose state this is from others, also after a restart; Kafka Streams uses it as well. */
    public String instanceId() throws IOException {
        Path file = path.resolve("instance-id");
        try {
            return UUID.fromString(Files.readString(file, ISO_8859_1).strip()).toString();
        } catch (NoSuchFileException | IllegalArgumentException e) {
            String id = UUID.randomUUID().toString();
            replace(file, id + "\n");
            return id;
        }
    }

    private static void replace(Path file, String content) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, content, ISO_8859_1);
        Files.move(written, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /** For responses that do not fit into memory; created when needed. */
    public Path responses() {
        return path.resolve("responses");
    }

    /** Another instance may have it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The state directory {} cannot be released before this process ends", path, e);
        }
    }
}
