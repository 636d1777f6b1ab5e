package io.periodview.topics;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How large an event may be, in bytes before compression: see {@link RecordSize}. */
public final class EventLimits {

    /** 1 MiB, of the value. */
    public static final int MAX_BYTES = 1 << 20;

    /** 1 MiB, of key and headers together. */
    public static final int MAX_BESIDE_BYTES = 1 << 20;

    /** Each takes room even if its name and value are empty. */
    public static final int MAX_HEADERS = 1_000;

    private EventLimits() {}

    public static boolean isExceededBy(byte @Nullable [] value) {
        return value != null && value.length > MAX_BYTES;
    }

    /** Why an event with this key and these headers is too large, whatever its value; null if it is not. */
    public static @Nullable Rejection besideValue(byte @Nullable [] key, Headers headers) {
        int count = RecordSize.count(headers);
        if (count > MAX_HEADERS) {
            return new Rejection(
                    Rejection.Code.TOO_LARGE, "The event has " + count + " headers; it may have " + MAX_HEADERS);
        }
        long bytes = RecordSize.of(key) + RecordSize.of(headers);
        return bytes <= MAX_BESIDE_BYTES
                ? null
                : new Rejection(
                        Rejection.Code.TOO_LARGE,
                        "Key and headers have " + bytes + " bytes; beside its value an event may have "
                                + MAX_BESIDE_BYTES + " (1 MiB)");
    }
}
