package io.periodview.streams.rules;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The periods that an action is assigned to, each with the {@code periodActionId} it has there. Immutable.
 *
 * <p>An assignment may outlive the action's stay in the period, when the period moved away or was deleted: it counts
 * only while the period's incarnation exists and its bounds contain the action.
 */
public final class Assignments {

    public static final Assignments NONE = new Assignments(new long[0]);

    /** No {@code periodActionId}: they are positive. */
    public static final long NO_ID = 0;

    /** Incarnation and periodActionId in turn. */
    private final long[] pairs;

    private Assignments(long[] pairs) {
        this.pairs = pairs;
    }

    /** From incarnation and periodActionId in turn; takes the array over. */
    public static Assignments of(long... pairs) {
        return pairs.length == 0 ? NONE : new Assignments(pairs);
    }

    /** How many there are. */
    public int size() {
        return pairs.length / 2;
    }

    public long incarnation(int index) {
        return pairs[2 * index];
    }

    public long periodActionId(int index) {
        return pairs[2 * index + 1];
    }

    /** The action's id in this incarnation of a period, or {@link #NO_ID}. */
    public long idIn(long incarnation) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] == incarnation) {
                return pairs[i + 1];
            }
        }
        return NO_ID;
    }

    /**
     * The assignments of an action that now lies in just these incarnations: ids it has there it keeps, others come
     * from {@code ids}, and what it lies in no more is forgotten.
     */
    public Assignments in(long[] incarnations, LongSupplier ids) {
        if (incarnations.length == 0) {
            return NONE;
        }
        long[] now = new long[2 * incarnations.length];
        for (int i = 0; i < incarnations.length; i++) {
            long id = idIn(incarnations[i]);
            now[2 * i] = incarnations[i];
            now[2 * i + 1] = id == NO_ID ? ids.getAsLong() : id;
        }
        return new Assignments(now);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Assignments that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    @Override
    public String toString() {
        return Arrays.toString(pairs);
    }
}
