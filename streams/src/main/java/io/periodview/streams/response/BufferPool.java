package io.periodview.streams.response;

import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.memory.SharedMemory;
import io.periodview.streams.memory.SharedPlaces;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where responses are buffered before they are sent: in memory while there is room, else in a temporary file each, so that
 * the heap stays flat however large the responses and slow the readers are. Thread-safe.
 */
public final class BufferPool {

    /** What one body holds in memory at most; larger ones go to a file through a buffer of this size. */
    static final int MAX_MEMORY_PER_BODY = 4 << 20;

    /** What all bodies hold in memory together, those of one team half of it; those of up to {@link BufferedBody#FIRST_BUFFER} bytes do not count. */
    private static final long MAX_MEMORY = HeapBudgets.cacheHere();

    /**
     * Of buffers of one length that no body uses now, as to clear a new one costs as much as to fill it: 16 MiB for all
     * lengths from 16 KiB to 2 MiB together.
     */
    private static final int MAX_POOLED_PER_LENGTH = 2 << 20;

    /** What all bodies hold in files together. */
    private static final long MAX_FILE_BYTES = 8L << 30;

    /** Those of one team: ten million actions, compressed as well. */
    private static final long MAX_FILE_BYTES_OF_TEAM = 6L << 30;

    /** What is left to the store, whose disk it may be. */
    private static final long MIN_USABLE_BYTES = 1L << 30;

    /** Between two looks at what is usable. */
    private static final long BYTES_BETWEEN_LOOKS = 64L << 20;

    /** Files that are being written at the same time, for all teams and for one: it takes the processor from others. */
    private static final int MAX_WRITTEN = 12;

    private static final int MAX_WRITTEN_OF_TEAM = 4;

    private final Path folder;
    private final SharedMemory memory;
    private final SharedMemory files;
    private final SharedPlaces writers;

    /** By their length. */
    private final Map<Integer, Deque<byte[]>> unused;

    private final long team;

    private long bytesSinceLook = BYTES_BETWEEN_LOOKS;
    private SharedPlaces.@Nullable Place place;

    /** @param folder for the temporary files; created when needed */
    public BufferPool(Path folder) {
        this.folder = folder;
        this.memory = new SharedMemory(MAX_MEMORY, MAX_MEMORY / 2);
        this.files = new SharedMemory(MAX_FILE_BYTES, MAX_FILE_BYTES_OF_TEAM);
        this.writers = new SharedPlaces(MAX_WRITTEN, MAX_WRITTEN_OF_TEAM);
        this.unused = new HashMap<>();
        this.team = SharedMemory.NO_TEAM;
    }

    private BufferPool(BufferPool all, long team) {
        this.folder = all.folder;
        this.memory = all.memory;
        this.files = all.files;
        this.writers = all.writers;
        this.unused = all.unused;
        this.team = team;
    }

    /** The same for one request, which gets no more than its team's share. */
    public BufferPool forRequestOf(long ofTeam) {
        return new BufferPool(this, ofTeam);
    }

    /** Bytes of memory of bodies that are being written or sent, without small ones. */
    public long used() {
        return memory.used();
    }

    /**
     * A buffer, to be given back once, or null if there is no room for it.
     *
     * @param length a power of two
     */
    byte @Nullable [] take(int length) {
        if (!reserve(length)) {
            return null;
        }
        synchronized (unused) {
            Deque<byte[]> alike = unused.get(length);
            byte[] used = alike == null ? null : alike.pollLast();
            if (used != null) {
                return used;
            }
        }
        return new byte[length];
    }

    boolean reserve(long bytes) {
        return memory.tryReserve(team, bytes);
    }

    /**
     * For what is needed to write a body; to be released.
     *
     * @throws NoBufferSpaceException if there is no room for it
     */
    public void reserveOrFail(long bytes) throws NoBufferSpaceException {
        if (!reserve(bytes)) {
            throw new NoBufferSpaceException("Responses take more than " + memory.max() + " bytes of memory");
        }
    }

    void giveBack(byte[] buffer) {
        memory.release(team, buffer.length);
        synchronized (unused) {
            Deque<byte[]> alike = unused.computeIfAbsent(buffer.length, length -> new ArrayDeque<>());
            if ((alike.size() + 1L) * buffer.length <= MAX_POOLED_PER_LENGTH) {
                alike.addLast(buffer);
            }
        }
    }

    /** For a buffer that is not to be used again. */
    public void release(long bytes) {
        memory.release(team, bytes);
    }

    /** @throws NoBufferSpaceException if there is no room for them */
    synchronized void reserveFile(long bytes) throws IOException {
        if (!files.tryReserve(team, bytes)) {
            throw new NoBufferSpaceException("Responses take more than " + MAX_FILE_BYTES
                    + " bytes of temporary files, or those of one team more than " + MAX_FILE_BYTES_OF_TEAM);
        }
        bytesSinceLook += bytes;
        if (bytesSinceLook > BYTES_BETWEEN_LOOKS && Files.exists(folder)) {
            bytesSinceLook = 0;
            if (Files.getFileStore(folder).getUsableSpace() < MIN_USABLE_BYTES) {
                files.release(team, bytes);
                throw new NoBufferSpaceException(
                        "Less than " + MIN_USABLE_BYTES + " bytes are left on the disk of " + folder);
            }
        }
    }

    void releaseFile(long bytes) {
        files.release(team, bytes);
    }

    /**
     * A file that nobody else sees and that is gone with its channel, however the process ends. When all that is needed for
     * the response is written, {@link #written} is to be called.
     *
     * @throws NoBufferSpaceException if too many are being written for the team now
     */
    synchronized FileChannel newFile() throws IOException {
        if (team != SharedMemory.NO_TEAM && place == null) {
            place = writers.tryEnter(team);
            if (place == null) {
                throw new NoBufferSpaceException("Too many large responses are being written for the team");
            }
        }
        return openFile();
    }

    /** The request needs the processor no more; its files are kept until they are closed. */
    public synchronized void written() {
        if (place != null) {
            place.close();
            place = null;
        }
    }

    private FileChannel openFile() throws IOException {
        Files.createDirectories(folder);
        return FileChannel.open(
                Files.createTempFile(folder, "response", null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
