package io.periodview.streams.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The periods of a team as an interval index: which of them contain a time, in O(log n + found). Immutable, so it can
 * be replaced in one assignment.
 *
 * <p>An augmented interval tree without nodes: the spans are sorted by start, the middle of a range is its root, and
 * {@code latestEnd} of a root is the latest end in its range (Cormen et al., Introduction to Algorithms, 14.3), so a
 * range that ended before the time is left at once.
 */
public final class PeriodIndex {

    public static final PeriodIndex EMPTY = of(List.of());

    private static final long[] NOWHERE = {};

    private final List<Span> spans;
    private final long[] starts;
    private final long[] latestEnds;

    /** The timeframe of an incarnation of a period. */
    public record Span(long periodId, long incarnation, Bounds bounds) {
        private static final Comparator<Span> ORDER =
                Comparator.<Span>comparingLong(span -> span.bounds.start()).thenComparingLong(Span::periodId);

        public static Span of(Period period) {
            return new Span(period.id(), period.incarnation(), period.bounds());
        }
    }

    private PeriodIndex(List<Span> sorted) {
        spans = sorted;
        starts = sorted.stream().mapToLong(span -> span.bounds.start()).toArray();
        latestEnds = new long[starts.length];
        latestEnd(0, starts.length);
    }

    public static PeriodIndex of(Collection<Span> spans) {
        return new PeriodIndex(spans.stream().sorted(Span.ORDER).toList());
    }

    /** How many periods there are. */
    public int size() {
        return starts.length;
    }

    /** This index with the period in place of what it was, if it was. */
    public PeriodIndex with(Span span) {
        List<Span> changed = new ArrayList<>(spans.size() + 1);
        for (Span other : spans) {
            if (other.periodId != span.periodId) {
                changed.add(other);
            }
        }
        int place = -1 - java.util.Collections.binarySearch(changed, span, Span.ORDER);
        changed.add(place, span);
        return new PeriodIndex(changed);
    }

    public PeriodIndex without(long periodId) {
        return new PeriodIndex(
                spans.stream().filter(span -> span.periodId != periodId).toList());
    }

    /** The incarnations of the periods that contain the time, ordered by the periods' starts. */
    public long[] containing(long time) {
        Found found = new Found();
        find(time, 0, starts.length, found);
        return found.count == 0 ? NOWHERE : Arrays.copyOf(found.incarnations, found.count);
    }

    private void find(long time, int from, int to, Found found) {
        if (from == to) {
            return;
        }
        int root = from + to >>> 1;
        if (latestEnds[root] <= time) {
            return;
        }
        find(time, from, root, found);
        if (starts[root] <= time) {
            if (time < spans.get(root).bounds.end()) {
                found.add(spans.get(root).incarnation);
            }
            find(time, root + 1, to, found);
        }
    }

    private long latestEnd(int from, int to) {
        if (from == to) {
            return Long.MIN_VALUE;
        }
        int root = from + to >>> 1;
        long below = Math.max(latestEnd(from, root), latestEnd(root + 1, to));
        return latestEnds[root] = Math.max(spans.get(root).bounds.end(), below);
    }

    private static final class Found {
        private long[] incarnations = new long[4];
        private int count;

        void add(long incarnation) {
            if (count == incarnations.length) {
                incarnations = Arrays.copyOf(incarnations, 2 * count);
            }
            incarnations[count++] = incarnation;
        }
    }
}
