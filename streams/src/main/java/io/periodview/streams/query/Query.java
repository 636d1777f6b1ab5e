package io.periodview.streams.query;

import org.jspecify.annotations.Nullable;

/** What can be asked of a team. Immutable; equal queries of one version have equal answers. */
public sealed interface Query {

    /** Of its objects. */
    int OVERHEAD = 100;

    long teamId();

    /** Of the heap that a query takes, about. */
    default long bytes() {
        return OVERHEAD
                + (this instanceof Actions actions && actions.formFields != null ? actions.formFields.bytes() : 0);
    }

    /**
     * The periods of a team that lie within a range.
     *
     * @param from earliest start, in milliseconds since the epoch, or null
     * @param until latest end, in milliseconds since the epoch, or null; an open period lies within none
     */
    record Periods(
            long teamId, @Nullable Long from, @Nullable Long until) implements Query {}

    /**
     * The actions of a period.
     *
     * @param formFields null if the request has no such parameter
     */
    record Actions(long teamId, long periodId, @Nullable FormFieldSelection formFields) implements Query {}
}
