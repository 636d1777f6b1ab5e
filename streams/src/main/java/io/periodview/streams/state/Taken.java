package io.periodview.streams.state;

import io.periodview.streams.intake.Change;
import io.periodview.topics.EventKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Changes that are written together, in the order of their events. An action's change that is followed by another is left
 * out, since nobody could have seen it: while a history is caught up with, that is half of it. Whatever the state before
 * matters to (a period's first event, a deletion before a creation) is written before what follows it is taken.
 * Not thread-safe.
 */
final class Taken {

    /** Some milliseconds' work: whoever reads sees nothing of it until it is done. */
    private static final int MOST_CHANGES = 1_000;

    /** Of their events. */
    private static final int MOST_BYTES = 4 << 20;

    private final Map<EventKey, Change> actions = new LinkedHashMap<>();
    private final Map<EventKey, Change> periods = new LinkedHashMap<>();
    private long bytes;

    /** Whether a change may be taken before the others are written. */
    boolean hasRoomFor(Change change) {
        return actions.size() + periods.size() < MOST_CHANGES
                && bytes < MOST_BYTES
                && (isOfAction(change)
                        ? !(actions.get(change.key()) instanceof Change.ActionDeleted)
                        : !periods.containsKey(change.key()));
    }

    void add(Change change, int eventBytes) {
        bytes += eventBytes;
        (isOfAction(change) ? actions : periods).put(change.key(), change);
    }

    private static boolean isOfAction(Change change) {
        return change instanceof Change.ActionChanged || change instanceof Change.ActionDeleted;
    }

    boolean isEmpty() {
        return actions.isEmpty() && periods.isEmpty();
    }

    /** Hands them over, each kind in its order; none is left. */
    void takeAll(Consumer<Change> receiver) {
        periods.values().forEach(receiver);
        actions.values().forEach(receiver);
        periods.clear();
        actions.clear();
        bytes = 0;
    }
}
