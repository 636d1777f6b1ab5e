package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a value that is too large to be kept. Whoever reads the record puts {@link #PLACEHOLDER} in the value's
 * place, and size and hash behind the record's headers.
 *
 * @param size in bytes
 * @param sha256 in hexadecimal, lower case
 */
public record OmittedValue(long size, String sha256) {

    /** Bytes of a record ({@link io.periodview.topics.RecordSize}); of one that has more the value is not kept. */
    public static final int MAX_RECORD_BYTES = 8 << 20;

    /** Stands for the value; told from an empty one by identity, so no producer can send it. {@link Omissions} has more. */
    public static final byte[] PLACEHOLDER = new byte[0];

    public static final String SIZE = "period-view.value-size";
    public static final String SHA256 = "period-view.value-sha256";

    /** Of a value that is at hand; reads it to its end. */
    public static OmittedValue of(ByteBuffer value) {
        long size = value.remaining();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(value);
            return new OmittedValue(size, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** By identity. */
    public static boolean isOmitted(byte @Nullable [] value) {
        return value == PLACEHOLDER;
    }

    /** Adds size and hash behind the headers that there are. */
    public void addTo(Headers headers) {
        addTo(headers, SIZE, SHA256);
    }

    void addTo(Headers headers, String sizeName, String hashName) {
        headers.add(new OmissionHeader(sizeName, Long.toString(size).getBytes(UTF_8)));
        headers.add(new OmissionHeader(hashName, sha256.getBytes(UTF_8)));
    }

    /** What the two headers before {@code end} say, if they have these names; else null. */
    static @Nullable OmittedValue read(Header[] all, int end, String sizeName, String hashName) {
        if (end < 2) {
            return null;
        }
        Header size = all[end - 2];
        Header hash = all[end - 1];
        if (!size.key().equals(sizeName)
                || !hash.key().equals(hashName)
                || size.value() == null
                || hash.value() == null) {
            return null;
        }
        try {
            return new OmittedValue(Long.parseLong(new String(size.value(), UTF_8)), new String(hash.value(), UTF_8));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
