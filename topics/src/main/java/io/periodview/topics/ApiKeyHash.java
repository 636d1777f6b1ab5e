package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of an API key, as 64 lower-case hex digits: what is stored, compared and shown in a key's place. The keys are
 * 256 random bits, so a plain hash is enough; there is nothing to guess.
 */
public record ApiKeyHash(String hex) {

    private static final int LENGTH = 64;
    private static final int SHORT = 12;
    private static final MessageDigest SHA_256 = sha256();

    /** @throws IllegalArgumentException if this is no SHA-256 in lower-case hex */
    public ApiKeyHash {
        if (!isHash(hex)) {
            // Without the text: who mistakes a key for its hash shall not find it in a log.
            throw new IllegalArgumentException("A key's hash is 64 lower-case hex digits.");
        }
    }

    /** The hash of a key that a reader sent. */
    public static ApiKeyHash of(String key) {
        try {
            // A clone costs a fraction of a look-up among the providers, which every request would pay.
            MessageDigest sha256 = (MessageDigest) SHA_256.clone();
            return new ApiKeyHash(HexFormat.of().formatHex(sha256.digest(key.getBytes(UTF_8))));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static boolean isHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return text.length() == LENGTH;
    }

    /** The hash that a record's key is, or null if it is none; never throws. */
    public static @Nullable ApiKeyHash parse(byte @Nullable [] recordKey) {
        if (recordKey == null) {
            return null;
        }
        String text = new String(recordKey, ISO_8859_1);
        return isHash(text) ? new ApiKeyHash(text) : null;
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
