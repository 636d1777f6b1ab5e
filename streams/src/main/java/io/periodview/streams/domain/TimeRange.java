package io.periodview.streams.domain;

import org.jspecify.annotations.Nullable;

/**
 * A period's timeframe, {@code [start, end)}: the start is inside, the end is not. Milliseconds since the epoch.
 *
 * @param end {@link #OPEN_ENDED} while the period has no end
 */
public record TimeRange(long start, long end) {

    /** After every time that an action can have. */
    public static final long OPEN_ENDED = Long.MAX_VALUE;

    public TimeRange {
        if (start >= end) {
            throw new IllegalArgumentException("The end " + end + " is not after the start " + start);
        }
    }

    public static TimeRange of(long start, @Nullable Long end) {
        return new TimeRange(start, end == null ? OPEN_ENDED : end);
    }
}
