package io.periodview.api.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the instances of one service know and nobody else: with it they prove to each other who asks and who answers.
 * Thread-safe.
 */
public final class InstanceSecret {

    /** As many as the HMAC has: a shorter secret is easier to guess than the proof. */
    static final int MIN_BYTES = 32;

    private static final int MAX_BYTES = 4_096;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private InstanceSecret(byte[] secret) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * The content of a file, without a newline at its end, which editors add.
     *
     * @throws IOException also if the file is too short, or larger than a secret can be
     */
    public static InstanceSecret read(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_BYTES + 1);
        }
        int length = content.length;
        if (length > MAX_BYTES) {
            throw new IOException("It has more than " + MAX_BYTES + " bytes.");
        }
        while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
            length--;
        }
        if (length < MIN_BYTES) {
            throw new IOException("It has " + length + " bytes, and a secret at least " + MIN_BYTES + ".");
        }
        return new InstanceSecret(Arrays.copyOf(content, length));
    }

    /** For instances that share a process. */
    public static InstanceSecret random() {
        byte[] secret = new byte[MIN_BYTES];
        new SecureRandom().nextBytes(secret);
        return new InstanceSecret(secret);
    }

    /** The HMAC-SHA256 of these texts in hex. Each goes in with its length, so that none can reach into the next. */
    String hmac(List<String> parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    /** Compares in a time that does not depend on where they differ. */
    static boolean isSame(String hmac, String given) {
        return MessageDigest.isEqual(hmac.getBytes(UTF_8), given.getBytes(UTF_8));
    }
}
