package io.periodview.cli.produce;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952) to the end of the stream, of several members as well. Java's own class silently ignores
 * what follows a member and is none, such as events that somebody appended to a compressed file. One thread at a time.
 */
final class GzipInput extends InputStream {

    private static final int BUFFER = 64 * 1024;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final PushbackInputStream source;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] compressed = new byte[BUFFER];
    private int filled;
    private boolean atEnd;

    GzipInput(InputStream source) throws IOException {
        this.source = new PushbackInputStream(source, BUFFER);
        if (!startMember()) {
            throw new IOException("it is no gzip");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!atEnd) {
            int count = inflate(bytes, offset, length);
            if (count > 0) {
                checksum.update(bytes, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else {
                fill();
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        try {
            return inflater.inflate(bytes, offset, length);
        } catch (DataFormatException e) {
            throw new IOException("the gzip data is damaged", e);
        }
    }

    private void fill() throws IOException {
        filled = source.read(compressed);
        if (filled < 0) {
            throw new EOFException("the gzip data ends too early");
        }
        inflater.setInput(compressed, 0, filled);
    }

    private void endMember() throws IOException {
        int rest = inflater.getRemaining();
        source.unread(compressed, filled - rest, rest);
        if (number(4) != checksum.getValue() || number(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw new IOException("the gzip data is damaged: its checksum does not match");
        }
        int first = source.read();
        if (first < 0) {
            atEnd = true;
            return;
        }
        source.unread(first);
        if (!startMember()) {
            throw new IOException("something that is no gzip follows the gzip data");
        }
        inflater.reset();
        checksum.reset();
    }

    /** Reads the header of a member; false if there is none. */
    private boolean startMember() throws IOException {
        if (source.read() != 0x1f || source.read() != 0x8b || source.read() != DEFLATE) {
            return false;
        }
        int flags = next();
        source.skipNBytes(6);
        if ((flags & EXTRA) != 0) {
            source.skipNBytes(number(2));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            source.skipNBytes(2);
        }
        return true;
    }

    private void skipText() throws IOException {
        int next = next();
        while (next != 0) {
            next = next();
        }
    }

    /** The least significant byte comes first. */
    private long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) next() << 8 * i;
        }
        return number;
    }

    private int next() throws IOException {
        int next = source.read();
        if (next < 0) {
            throw new EOFException("the gzip data ends too early");
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        source.close();
    }
}
