package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of an API key, as 64 lower-case hex digits: what is stored, compared and shown in a key's place. The keys are
 * 256 random bits, so a plain hash is enough; there is nothing to guess.
 */
public record ApiKeyHash(String hex) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int SHORT = 12;

    /** @throws IllegalArgumentException if this is no SHA-256 in lower-case hex */
    public ApiKeyHash {
        if (!SHA_256.matcher(hex).matches()) {
            // Without the text: who mistakes a key for its hash shall not find it in a log.
            throw new IllegalArgumentException("A key's hash is 64 lower-case hex digits.");
        }
    }

    /** The hash of a key that a reader sent. */
    public static ApiKeyHash of(String key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new ApiKeyHash(HexFormat.of().formatHex(sha256.digest(key.getBytes(UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The hash that a record's key is, or null if it is none; never throws. */
    public static @Nullable ApiKeyHash parse(byte @Nullable [] recordKey) {
        if (recordKey == null) {
            return null;
        }
        String text = new String(recordKey, ISO_8859_1);
        return SHA_256.matcher(text).matches() ? new ApiKeyHash(text) : null;
    }

    /** The record's key. */
    public byte[] toBytes() {
        return hex.getBytes(ISO_8859_1);
    }

    /** The first 12 digits: enough to name a key to {@code keys revoke}. */
    public String abbreviated() {
        return hex.substring(0, SHORT);
    }

    @Override
    public String toString() {
        return hex;
    }
}
