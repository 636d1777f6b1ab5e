package io.periodview.streams.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.intake.OmittedValue;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a record that is too large: where it is, its first headers, its key or the begin of it, and the size and
 * hash of its value. However large it is, it is read through a small buffer.
 *
 * @param headers in the end those of {@link OmittedValue#addTo}
 */
record LargeRecord(
        long timestampDelta, int offsetDelta, @Nullable ByteBuffer key, Header[] headers) {

    /** Of its key that was cut off: how long it was. */
    static final String KEY_SIZE = "period-view.key-size";

    /** How many headers, from the last one on, are left out. */
    static final String HEADERS_OMITTED = "period-view.headers-omitted";

    /** Bytes of a key: valid ones have some 40. */
    private static final int MAX_KEY = 64 << 10;

    /** Bytes of all headers. */
    private static final int MAX_HEADERS = 64 << 10;

    /** Headers: each is an object. */
    private static final int MAX_HEADER_COUNT = 256;

    /** Bytes of the heap that it takes at most. */
    static final int MAX_KEPT = MAX_KEY + MAX_HEADERS + (32 << 10);

    private static final int BUFFER = 64 << 10;

    /** Of one record: what follows it is not touched. */
    private static final class Body extends FilterInputStream {
        private int left;

        Body(InputStream in, int size) {
            super(in);
            this.left = size;
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

        /** A length and so many bytes, of which some may be kept; null if the length is negative. */
        @Nullable
        Piece piece(int most) throws IOException {
            int length = ByteUtils.readVarint(this);
            if (length < 0) {
                return null;
            }
            if (length > left) {
                throw new InvalidRecordException("A length of " + length + " where " + left + " bytes are left");
            }
            byte[] kept = readNBytes(Math.min(length, most));
            skipNBytes(length - kept.length);
            return new Piece(length, kept);
        }
    }

    private record Piece(int length, byte[] kept) {

        boolean isWhole() {
            return kept.length == length;
        }
    }

    /** Reads exactly so many bytes. */
    static LargeRecord read(InputStream in, int size) throws IOException {
        Body body = new Body(in, size);
        body.read(); // attributes: none are in use
        long timestampDelta = ByteUtils.readVarlong(body);
        int offsetDelta = ByteUtils.readVarint(body);
        Piece key = body.piece(MAX_KEY);
        OmittedValue value = value(body);
        RecordHeaders headers = headers(body);
        if (body.left != 0) {
            throw new InvalidRecordException("There are " + body.left + " bytes behind its headers");
        }
        if (key != null && !key.isWhole()) {
            headers.add(KEY_SIZE, Integer.toString(key.length()).getBytes(UTF_8));
        }
        value.addTo(headers);
        return new LargeRecord(
                timestampDelta, offsetDelta, key == null ? null : ByteBuffer.wrap(key.kept()), headers.toArray());
    }

    private static OmittedValue value(Body body) throws IOException {
        int size = Math.max(0, ByteUtils.readVarint(body));
        if (size > body.left) {
            throw new InvalidRecordException("A value of " + size + " bytes where " + body.left + " are left");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DigestInputStream hashed = new DigestInputStream(body, digest);
            byte[] buffer = new byte[BUFFER];
            for (int left = size; left > 0; ) {
                int read = hashed.read(buffer, 0, Math.min(left, BUFFER));
                if (read < 0) {
                    throw new EOFException("Its value ends " + left + " bytes early");
                }
                left -= read;
            }
            return new OmittedValue(size, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The first ones, as long as they fit. */
    private static RecordHeaders headers(Body body) throws IOException {
        int count = ByteUtils.readVarint(body);
        if (count < 0 || count > body.left) {
            throw new InvalidRecordException("It says that it has " + count + " headers");
        }
        RecordHeaders headers = new RecordHeaders();
        int room = MAX_HEADERS;
        int omitted = 0;
        for (int i = 0; i < count; i++) {
            Piece key = body.piece(room);
            if (key == null) {
                throw new InvalidRecordException("It has a header without a key");
            }
            Piece value = body.piece(room - key.kept().length);
            boolean fits = omitted == 0 && i < MAX_HEADER_COUNT && key.isWhole() && (value == null || value.isWhole());
            if (fits) {
                room -= key.length() + (value == null ? 0 : value.length());
                headers.add(new String(key.kept(), UTF_8), value == null ? null : value.kept());
            } else {
                room = 0;
                omitted++;
            }
        }
        if (omitted > 0) {
            headers.add(HEADERS_OMITTED, Integer.toString(omitted).getBytes(UTF_8));
        }
        return headers;
    }
}
