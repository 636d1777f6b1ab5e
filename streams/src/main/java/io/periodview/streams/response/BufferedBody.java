package io.periodview.streams.response;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A response body while it is being written, and after. Not thread-safe. */
public final class BufferedBody implements ResponseBody {

    /** Enough for ten actions; taken without asking. */
    static final int FIRST_BUFFER = 8 << 10;

    /** Of a file, handed on at once. */
    static final int PIECE = 128 << 10;

    private static final byte[] CLOSED = {};

    private final BufferPool pool;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int used;
    private long rows;
    private @Nullable FileChannel file;
    private long spilled;

    /** A reader's connection that broke off may still hold the buffer: nobody else may get it. */
    private boolean handedOut;

    public BufferedBody(BufferPool pool) {
        this.pool = pool;
    }

    @Override
    public long length() {
        return spilled + used;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (file != null) {
            file.position(0);
            InputStream in = Channels.newInputStream(file);
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                out.write(piece, 0, length);
            }
        }
        handedOut = true;
        out.write(buffer, 0, used);
        handedOut = false;
    }

    @Override
    public void close() throws IOException {
        if (buffer.length > FIRST_BUFFER) {
            if (handedOut) {
                pool.release(buffer.length);
            } else {
                pool.giveBack(buffer);
            }
        }
        buffer = CLOSED;
        used = 0;
        if (file != null) {
            pool.releaseFile(spilled);
            spilled = 0;
            file.close();
            file = null;
        }
    }

    /** A copy for many readers, or null if it is not in memory as a whole. */
    @Nullable
    public CachedBody cached() {
        return file == null ? new CachedBody(Arrays.copyOf(buffer, used), rows) : null;
    }

    /** Makes room at once for what will be written, if there is room for it in memory. */
    public void expect(long length) {
        int wanted = (int) Math.min(length, BufferPool.MAX_MEMORY_PER_BODY);
        if (wanted > buffer.length) {
            growTo(Integer.highestOneBit(wanted - 1) << 1);
        }
    }

    private boolean growTo(int wanted) {
        byte[] larger = pool.take(wanted);
        if (larger == null) {
            return false;
        }
        System.arraycopy(buffer, 0, larger, 0, used);
        if (buffer.length > FIRST_BUFFER) {
            pool.giveBack(buffer);
        }
        buffer = larger;
        return true;
    }

    public void countRow() {
        rows++;
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    public void write(byte[] bytes, int from, int length) throws IOException {
        if (length > buffer.length - used) {
            makeRoom(length);
        }
        if (length > buffer.length) {
            spill(ByteBuffer.wrap(bytes, from, length));
        } else {
            System.arraycopy(bytes, from, buffer, used, length);
            used += length;
        }
    }

    public void write(char ascii) throws IOException {
        if (used == buffer.length) {
            makeRoom(1);
        }
        buffer[used++] = (byte) ascii;
    }

    public void write(long number) throws IOException {
        write(Long.toString(number).getBytes(ISO_8859_1));
    }

    /** Appends another body, without its rows. */
    public void append(BufferedBody other) throws IOException {
        other.writeTo(stream());
    }

    /** Appends a part of this body to another. */
    public void copyTo(BufferedBody other, long from, int length) throws IOException {
        long at = from;
        long end = from + length;
        if (file != null && at < spilled) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, Math.min(end, spilled) - at));
            while (at < end && at < spilled) {
                piece.clear().limit((int) Math.min(piece.capacity(), Math.min(end, spilled) - at));
                if (file.read(piece, at) < 0) {
                    throw new IOException("The temporary file ends at " + at);
                }
                other.write(piece.array(), 0, piece.position());
                at += piece.position();
            }
        }
        if (at < end) {
            other.write(buffer, (int) (at - spilled), (int) (end - at));
        }
    }

    /** A copy, buffered as this one is. */
    @Override
    public BufferedBody gzipped() throws IOException {
        BufferedBody gzipped = new BufferedBody(pool);
        gzipped.rows = rows;
        boolean done = false;
        try {
            try (FastGzip gzip = new FastGzip(gzipped.stream())) {
                writeTo(gzip);
            }
            done = true;
        } finally {
            pool.written();
            if (!done) {
                gzipped.close();
            }
        }
        return gzipped;
    }

    /** Writes to this body. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                BufferedBody.this.write((char) (b & 0xff));
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                BufferedBody.this.write(bytes, from, length);
            }
        };
    }

    private void makeRoom(int length) throws IOException {
        if (buffer == CLOSED) {
            throw new IllegalStateException("The body is closed");
        }
        int wanted = buffer.length;
        while (wanted < BufferPool.MAX_MEMORY_PER_BODY && wanted - used < length) {
            wanted = Math.min(wanted * 2, BufferPool.MAX_MEMORY_PER_BODY);
        }
        if (file != null || wanted - used < length || !growTo(wanted)) {
            spill(ByteBuffer.wrap(buffer, 0, used));
            used = 0;
        }
    }

    private void spill(ByteBuffer bytes) throws IOException {
        FileChannel to = file == null ? newFile() : file;
        pool.reserveFile(bytes.remaining());
        spilled += bytes.remaining(); // what was taken is given back, also if it cannot be written
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            throw new NoBufferSpaceException(e);
        }
    }

    private FileChannel newFile() throws NoBufferSpaceException {
        try {
            FileChannel opened = pool.newFile();
            file = opened;
            return opened;
        } catch (NoBufferSpaceException e) {
            throw e;
        } catch (IOException e) {
            throw new NoBufferSpaceException(e);
        }
    }
}
