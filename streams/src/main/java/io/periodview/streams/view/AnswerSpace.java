package io.periodview.streams.view;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where answers are gathered before they are sent: in memory while there is room, else in a temporary file each, so that
 * the heap stays flat however large the answers and slow the readers are. Thread-safe.
 */
public final class AnswerSpace {

    /** What one answer holds in memory at most; larger ones go to a file through a buffer of this size. */
    static final int MOST_PER_ANSWER = 4 << 20;

    /** What all answers hold in memory together; those of up to {@link GatheredAnswer#FIRST_BUFFER} bytes do not count. */
    private static final long MOST_IN_ALL = 64L << 20;

    /**
     * Of buffers of one length that no answer uses now, as to clear a new one costs as much as to fill it: 16 MiB for all
     * lengths from 16 KiB to 2 MiB together.
     */
    private static final int MOST_UNUSED = 2 << 20;

    /** What all answers hold in files together: some ten million actions. The disk is the store's as well. */
    private static final long MOST_IN_FILES = 8L << 30;

    private final Path folder;
    private final AtomicLong left = new AtomicLong(MOST_IN_ALL);
    private final AtomicLong leftInFiles = new AtomicLong(MOST_IN_FILES);

    /** By their length. */
    private final Map<Integer, Deque<byte[]>> unused = new HashMap<>();

    /** @param folder for the temporary files; created when needed */
    public AnswerSpace(Path folder) {
        this.folder = folder;
    }

    public GatheredAnswer newAnswer() {
        return new GatheredAnswer(this);
    }

    /** Bytes of memory that answers take which are being gathered or sent, without small ones. */
    public long taken() {
        return MOST_IN_ALL - left.get();
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

    void giveBack(byte[] buffer) {
        release(buffer.length);
        synchronized (unused) {
            Deque<byte[]> alike = unused.computeIfAbsent(buffer.length, length -> new ArrayDeque<>());
            if ((alike.size() + 1L) * buffer.length <= MOST_UNUSED) {
                alike.addLast(buffer);
            }
        }
    }

    boolean reserve(long bytes) {
        long before = left.getAndAdd(-bytes);
        if (before >= bytes) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    void release(long bytes) {
        left.addAndGet(bytes);
    }

    void takeFile(long bytes) throws IOException {
        if (leftInFiles.addAndGet(-bytes) < 0) {
            leftInFiles.addAndGet(bytes);
            throw new NoAnswerSpace("Answers take more than " + MOST_IN_FILES + " bytes of temporary files");
        }
    }

    void giveFileBack(long bytes) {
        leftInFiles.addAndGet(bytes);
    }

    /** A file that nobody else sees and that is gone with its channel, however the process ends. */
    FileChannel newFile() throws IOException {
        Files.createDirectories(folder);
        return FileChannel.open(
                Files.createTempFile(folder, "answer", null),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }
}
