package io.periodview.streams.apply;

import io.periodview.streams.intake.Change;
import io.periodview.topics.EventKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Changes that are written together, in the order of their events. An action's change that is followed by another is left
 * out, since nobody could have seen it: while a history is caught up with, that is half of it. Changes for which the state
 * before matters (a period's first event, a deletion before a creation) are written before what follows is added. Not
 * thread-safe.
 */
final class PendingChanges {

    /** Some milliseconds' work: readers see nothing of it until it is done. */
    private static final int MAX_CHANGES = 1_000;

    /** Of their events. */
    private static final int MAX_BYTES = 4 << 20;

    private final Map<EventKey, Change> actions = new LinkedHashMap<>();
    private final Map<EventKey, Change> periods = new LinkedHashMap<>();
    private long bytes;

    /** Whether a change may be added before the others are written. */
    boolean hasRoomFor(Change change) {
        return actions.size() + periods.size() < MAX_CHANGES
                && bytes < MAX_BYTES
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
    void drainTo(Consumer<Change> receiver) {
        periods.values().forEach(receiver);
        actions.values().forEach(receiver);
        periods.clear();
        actions.clear();
        bytes = 0;
    }
}
