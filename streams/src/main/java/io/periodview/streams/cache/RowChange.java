package io.periodview.streams.cache;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a write changes of a team's rows, for those who read them. */
public sealed interface RowChange {

    /**
     * An action was created, changed, moved or deleted.
     *
     * @param before its createdTime before; if it is new, the same as after
     * @param after its createdTime after; if it is deleted, the same as before
     * @param row as in the store, without form fields, not to be changed; null if the action is deleted
     */
    record Action(
            long before,
            long after,
            long actionId,
            @Nullable Supplier<byte[]> row) implements RowChange {}

    /** The period itself was changed or deleted, not its actions. */
    record Period(long periodId) implements RowChange {}
}
