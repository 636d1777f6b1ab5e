package io.periodview.topics;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key that was just made: {@code pv_} and 256 random bits in URL-safe base64, 46 characters. Only {@link #reveal} says
 * what it is; the command shows it once, forgets it and keeps its {@link #hash}.
 */
public final class NewApiKey {

    /** People and secret scanners recognize a leaked key by it. */
    private static final String PREFIX = "pv_";

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private NewApiKey(String text) {
        this.text = text;
    }

    public static NewApiKey generate() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new NewApiKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** The key itself, as it goes after {@code Authorization: Bearer}. */
    public String reveal() {
        return text;
    }

    public ApiKeyHash hash() {
        return ApiKeyHash.of(text);
    }

    /** Never the key: this ends up in logs. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
