package io.periodview.topics;

import org.jspecify.annotations.Nullable;

/** How large an event may be. */
public final class EventLimits {

    /** 1 MiB, in bytes of the value. */
    public static final int MAX_BYTES = 1 << 20;

    private EventLimits() {}

    public static boolean isExceededBy(byte @Nullable [] value) {
        return value != null && value.length > MAX_BYTES;
    }
}
