package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as it stands in an event, in UTF-8: a string with its quotes and escapes, a number in its own form. It
 * shares the event's bytes, which nobody changes. Immutable.
 */
public final class RawJson {

    private final byte[] event;
    private final int from;
    private final int to;

    RawJson(byte[] event, int from, int to) {
        this.event = event;
        this.from = from;
        this.to = to;
    }

    /** @param json a JSON value */
    public static RawJson of(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new RawJson(bytes, 0, bytes.length);
    }

    /** Bytes. */
    public int length() {
        return to - from;
    }

    /** @return where what follows goes */
    public int copyTo(byte[] target, int at) {
        System.arraycopy(event, from, target, at, to - from);
        return at + to - from;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawJson text && Arrays.equals(event, from, to, text.event, text.from, text.to);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + event[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return new String(event, from, to - from, UTF_8);
    }
}
