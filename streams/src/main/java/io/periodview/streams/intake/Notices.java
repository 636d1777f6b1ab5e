package io.periodview.streams.intake;

import io.periodview.topics.Rejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an operator should hear of the events of an instance: that some are rejected, that some take an extra hop. A
 * hundred thousand of them are one line, and there is one a minute at most of each kind. Thread-safe.
 */
public final class Notices {

    private static final long MINUTE = 60_000_000_000L;

    private final LongSupplier nanoTime;
    private final Unsaid rerouted = new Unsaid();
    private final Unsaid rejected = new Unsaid();
    private final Map<Rejection.Code, Long> codes = new EnumMap<>(Rejection.Code.class);

    /** @param nanoTime such as {@link System#nanoTime} */
    public Notices(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void rerouted(Origin origin) {
        if (rerouted.events++ == 0) {
            rerouted.example = origin.place();
        }
    }

    synchronized void rejected(Origin origin, Rejection.Code code) {
        if (rejected.events++ == 0) {
            rejected.example = origin.place() + " with " + code;
        }
        codes.merge(code, 1L, Long::sum);
    }

    /** What to say now of events that came in a wrong partition, or null for nothing. It is not said again. */
    public synchronized @Nullable String ofRerouted() {
        if (!rerouted.isDue(nanoTime.getAsLong())) {
            return null;
        }
        String line = rerouted
                + " came in another partition than their team's and took an extra hop. Producers that partition by team"
                + " save it: see docs/producers.md";
        rerouted.events = 0;
        return line;
    }

    /** What to say now of events that were rejected, or null for nothing. It is not said again. */
    public synchronized @Nullable String ofRejected() {
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

    /** Events of one kind of which nothing has been said yet, with the first of them. */
    private static final class Unsaid {
        long events;
        String example = "";
        private @Nullable Long saidAt;

        boolean isDue(long now) {
            if (events == 0 || (saidAt != null && now - saidAt < MINUTE)) {
                return false;
            }
            saidAt = now;
            return true;
        }

        @Override
        public String toString() {
            return events == 1 ? "1 event, " + example + "," : events + " events, such as " + example + ",";
        }
    }
}
