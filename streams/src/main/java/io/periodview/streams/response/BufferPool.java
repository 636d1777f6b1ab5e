package io.periodview.streams.response;

import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.memory.MemoryBudget;
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

    /** What all bodies hold in memory together; those of up to {@link BufferedBody#FIRST_BUFFER} bytes do not count. */
    private static final long MAX_MEMORY = HeapBudgets.cacheHere();

    /**
     * Of buffers of one length that no body uses now, as to clear a new one costs as much as to fill it: 16 MiB for all
     * lengths from 16 KiB to 2 MiB together.
     */
    private static final int MAX_POOLED_PER_LENGTH = 2 << 20;

    /** What all bodies hold in files together: some ten million actions. The disk is the store's as well. */
    private static final long MAX_FILE_BYTES = 8L << 30;

    private final Path folder;
    private final MemoryBudget memory = new MemoryBudget(MAX_MEMORY);
    private final MemoryBudget files = new MemoryBudget(MAX_FILE_BYTES);

    /** By their length. */
    private final Map<Integer, Deque<byte[]>> unused = new HashMap<>();

    /** @param folder for the temporary files; created when needed */
    public BufferPool(Path folder) {
        this.folder = folder;
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
        return memory.tryReserve(bytes);
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
        memory.release(buffer.length);
        synchronized (unused) {
            Deque<byte[]> alike = unused.computeIfAbsent(buffer.length, length -> new ArrayDeque<>());
            if ((alike.size() + 1L) * buffer.length <= MAX_POOLED_PER_LENGTH) {
                alike.addLast(buffer);
            }
        }
    }

    /** For a buffer that is not to be used again. */
    public void release(long bytes) {
        memory.release(bytes);
    }

    void reserveFile(long bytes) throws IOException {
        if (!files.tryReserve(bytes)) {
            throw new NoBufferSpaceException(
                    "Responses take more than " + MAX_FILE_BYTES + " bytes of temporary files");
        }
    }

    void releaseFile(long bytes) {
        files.release(bytes);
    }

    /** A file that nobody else sees and that is gone with its channel, however the process ends. */
    FileChannel newFile() throws IOException {
        Files.createDirectories(folder);
        return FileChannel.open(
                Files.createTempFile(folder, "response", null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
