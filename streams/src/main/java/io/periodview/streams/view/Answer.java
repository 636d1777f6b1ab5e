package io.periodview.streams.view;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A gathered answer: JSON in UTF-8, whole before the first byte of it is sent. Not thread-safe; to be closed by whoever
 * has it.
 */
public final class Answer implements Closeable {

    /** Enough for ten actions; taken without asking. */
    static final int FIRST_BUFFER = 8 << 10;

    private final AnswerSpace space;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int used;
    private long rows;
    private @Nullable FileChannel file;
    private long spilled;

    Answer(AnswerSpace space) {
        this.space = space;
    }

    /** Bytes. */
    public long length() {
        return spilled + used;
    }

    /** How many actions or periods are in it. */
    public long rows() {
        return rows;
    }

    /** Copies all of it to the stream; can be called again. */
    public void writeTo(OutputStream out) throws IOException {
        if (file != null) {
            file.position(0);
            Channels.newInputStream(file).transferTo(out);
        }
        out.write(buffer, 0, used);
    }

    @Override
    public void close() throws IOException {
        space.giveBack(buffer.length - FIRST_BUFFER);
        buffer = new byte[FIRST_BUFFER];
        used = 0;
        if (file != null) {
            space.giveFileBack(spilled);
            spilled = 0;
            file.close();
            file = null;
        }
    }

    void countRow() {
        rows++;
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int from, int length) throws IOException {
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

    void write(char ascii) throws IOException {
        if (used == buffer.length) {
            makeRoom(1);
        }
        buffer[used++] = (byte) ascii;
    }

    void write(long number) throws IOException {
        write(Long.toString(number).getBytes(ISO_8859_1));
    }

    /** Appends another answer, without its rows. */
    void append(Answer other) throws IOException {
        other.writeTo(stream());
    }

    /** A compressed copy, gathered as this one was. */
    public Answer gzipped() throws IOException {
        Answer gzipped = space.newAnswer();
        gzipped.rows = rows;
        boolean done = false;
        try {
            try (FastGzip gzip = new FastGzip(gzipped.stream())) {
                writeTo(gzip);
            }
            done = true;
        } finally {
            if (!done) {
                gzipped.close();
            }
        }
        return gzipped;
    }

    /** JSON of rows that are alike shrinks to a tenth even so, at twice the speed of the default level. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, FIRST_BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Where what another instance gathered is gathered again. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                Answer.this.write((char) (b & 0xff));
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Answer.this.write(bytes, from, length);
            }
        };
    }

    private void makeRoom(int length) throws IOException {
        int wanted = buffer.length;
        while (wanted < AnswerSpace.MOST_PER_ANSWER && wanted - used < length) {
            wanted *= 2;
        }
        if (file == null && wanted - used >= length && space.take(wanted - buffer.length)) {
            buffer = Arrays.copyOf(buffer, wanted);
        } else {
            spill(ByteBuffer.wrap(buffer, 0, used));
            used = 0;
        }
    }

    private void spill(ByteBuffer bytes) throws IOException {
        if (file == null) {
            file = space.newFile();
        }
        space.takeFile(bytes.remaining());
        while (bytes.hasRemaining()) {
            spilled += file.write(bytes);
        }
    }
}
