package io.periodview.streams.rules;

import java.util.ArrayList;
import java.util.List;
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

    public boolean contains(long time) {
        return start <= time && time < end;
    }

    /** The parts of these bounds that the others do not cover, in order: none, one or two. */
    public List<Bounds> minus(@Nullable Bounds others) {
        if (others == null || others.end <= start || end <= others.start) {
            return List.of(this);
        }
        List<Bounds> parts = new ArrayList<>(2);
        if (start < others.start) {
            parts.add(new Bounds(start, others.start));
        }
        if (others.end < end) {
            parts.add(new Bounds(others.end, end));
        }
        return parts;
    }
}
