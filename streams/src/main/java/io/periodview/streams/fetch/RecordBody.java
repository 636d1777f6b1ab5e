package io.periodview.streams.fetch;

import io.periodview.streams.intake.OmittedValue;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/** The bytes of one record in the stream of its batch, however many they are. Not thread-safe. */
final class RecordBody extends FilterInputStream {

    private static final int BUFFER = 64 << 10;

    private int left;

    RecordBody(InputStream in, int size) {
        super(in);
        this.left = size;
    }

    int left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        int read = left == 0 ? -1 : in.read();
        if (read < 0) {
            throw new EOFException("It ends " + left + " bytes early");
        }
        left--;
        return read;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int read = in.read(bytes, from, Math.min(length, left));
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(Math.min(count, left));
        left -= (int) skipped;
        return skipped;
    }

    /** A length; negative if there is nothing. */
    int length() throws IOException {
        int length = ByteUtils.readVarint(this);
        if (length > left) {
            throw new InvalidRecordException("A length of " + length + " where " + left + " bytes are left");
        }
        return length;
    }

    /** Null if the length is negative. */
    byte @Nullable [] bytes(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        if (readNBytes(bytes, 0, length) < length) {
            throw new EOFException("It ends " + left + " bytes early");
        }
        return bytes;
    }

    /** Of so many bytes that are not kept; null if the length is negative. */
    @Nullable
    OmittedValue omit(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[Math.min(length, BUFFER)];
            for (int rest = length; rest > 0; ) {
                int read = read(buffer, 0, Math.min(rest, BUFFER));
                if (read < 0) {
                    throw new EOFException("It ends " + rest + " bytes early");
                }
                digest.update(buffer, 0, read);
                rest -= read;
            }
            return new OmittedValue(length, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
