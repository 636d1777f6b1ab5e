package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * The key of a period or action event: {@code <teamId>/<id>} as plain text, both positive 64-bit integers in
 * canonical decimal (no sign, no leading zero).
 */
public record EventKey(long teamId, long id) {

    /** The largest id has 19 digits. */
    private static final int MAX_DIGITS = 19;

    public EventKey {
        if (teamId <= 0 || id <= 0) {
            throw new IllegalArgumentException("Ids are positive, not " + teamId + "/" + id);
        }
    }

    /** The key that these bytes are, or null if they are none; never throws. */
    public static @Nullable EventKey parse(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        int slash = 0;
        while (slash < key.length && key[slash] != '/') {
            slash++;
        }
        long teamId = positive(key, 0, slash);
        long id = positive(key, slash + 1, key.length);
        return teamId > 0 && id > 0 ? new EventKey(teamId, id) : null;
    }

    public byte[] toBytes() {
        return toString().getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
        return teamId + "/" + id;
    }

    /** A key as people can read it, whatever its bytes are; at most 80 characters of it. */
    public static String describe(byte @Nullable [] key) {
        return key == null ? "null" : Json.quote(Json.shorten(new String(key, UTF_8)));
    }

    private static long positive(byte[] text, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > MAX_DIGITS || text[from] == '0') {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit; // 19 digits overflow into the sign at most
        }
        return number;
    }
}
