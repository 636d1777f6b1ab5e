package io.periodview.streams.intake;

import io.periodview.topics.Rejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that events of an instance were rejected, or took an extra hop. A hundred thousand of them are one line, and there
 * is at most one a minute of each kind. The lines are written when {@link #write} is called, so that a line covers all of
 * a burst. Thread-safe.
 */
public final class ThrottledEventLog {

    private static final Logger LOG = LoggerFactory.getLogger(ThrottledEventLog.class);
    private static final long MINUTE = 60_000_000_000L;

    private final LongSupplier nanoTime;
    private final Unlogged rerouted = new Unlogged();
    private final Unlogged rejected = new Unlogged();
    private final Map<Rejection.Code, Long> codes = new EnumMap<>(Rejection.Code.class);

    /** @param nanoTime such as {@link System#nanoTime} */
    public ThrottledEventLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public synchronized void rerouted(RecordOrigin origin) {
        if (rerouted.events++ == 0) {
            rerouted.example = origin.place();
        }
    }

    public synchronized void rejected(RecordOrigin origin, Rejection.Code code) {
        if (rejected.events++ == 0) {
            rejected.example = origin.place() + " with " + code;
        }
        codes.merge(code, 1L, Long::sum);
    }

    /** Writes what is due. To be called every few seconds, and at the end. */
    public void write() {
        @Nullable String reroutedLine = reroutedLine();
        if (reroutedLine != null) {
            LOG.info(reroutedLine);
        }
        @Nullable String rejectedLine = rejectedLine();
        if (rejectedLine != null) {
            LOG.warn(rejectedLine);
        }
    }

    /** What is due of events that arrived in a wrong partition, or null for nothing. It is not returned again. */
    public synchronized @Nullable String reroutedLine() {
        if (!rerouted.isDue(nanoTime.getAsLong())) {
            return null;
        }
        String line = rerouted
                + " arrived in another partition than their team's and took an extra hop. Partition by team to avoid it:"
                + " see docs/producers.md";
        rerouted.events = 0;
        return line;
    }

    /** What is due of events that were rejected, or null for nothing. It is not returned again. */
    public synchronized @Nullable String rejectedLine() {
        if (!rejected.isDue(nanoTime.getAsLong())) {
            return null;
        }
        String line = rejected + " could not be applied: "
                + codes.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + ". period-view dead-letters lists them";
        rejected.events = 0;
        codes.clear();
        return line;
    }

    /** Events of one kind of which nothing has been logged yet, with the first of them. */
    private static final class Unlogged {
        long events;
        String example = "";
        private @Nullable Long loggedAt;

        boolean isDue(long now) {
            if (events == 0 || (loggedAt != null && now - loggedAt < MINUTE)) {
                return false;
            }
            loggedAt = now;
            return true;
        }

        @Override
        public String toString() {
            return events == 1 ? "1 event, " + example + "," : events + " events, such as " + example + ",";
        }
    }
}
