package io.periodview.streams.owned;

import org.jspecify.annotations.Nullable;

/** What a write changes of a team, for those who read it. */
public sealed interface Changed {

    /**
     * @param before where it stood; if it is new, where it will stand
     * @param now null if it is deleted
     */
    record Action(long before, long actionId, @Nullable LiveRow now) implements Changed {

        long after() {
            return now == null ? before : now.createdTime();
        }
    }

    /** The period itself, not its actions. */
    record Period(long periodId) implements Changed {}
}
