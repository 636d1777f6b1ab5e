package io.periodview.streams.rules;

import org.jspecify.annotations.Nullable;

/**
 * A period's timeframe, {@code [start, end)}: the start is inside, the end is not. Milliseconds since the epoch.
 *
 * @param end {@link #OPEN} while the period has no end
 */
public record Bounds(long start, long end) {

    /** After every time that an action can have. */
    public static final long OPEN = Long.MAX_VALUE;

    public Bounds {
        if (start >= end) {
            throw new IllegalArgumentException("The end " + end + " is not after the start " + start);
        }
    }

    public static Bounds of(long start, @Nullable Long end) {
        return new Bounds(start, end == null ? OPEN : end);
    }
}
