package io.periodview.streams.intake;

import io.periodview.topics.ActionEvent;
import io.periodview.topics.EventKey;
import io.periodview.topics.Parsed;
import io.periodview.topics.PeriodEvent;
import io.periodview.topics.Rejection;
import org.jspecify.annotations.Nullable;

/** Decides what a record is: a change to apply, or why it is none. Thread-safe; never throws. */
public final class Intake {

    /** What a topic is about. */
    public enum Kind {
        PERIODS,
        ACTIONS
    }

    /** What became of a record. */
    public sealed interface Taken {

        record Accepted(Change change) implements Taken {}

        record Rejected(Rejection rejection) implements Taken {}
    }

    private Intake() {}

    /**
     * @param key what the record's key was read as, null if it is none
     * @param rawKey the key as received, for the message
     * @param value null for a deletion
     * @param timestamp the record's, in milliseconds since the epoch
     */
    public static Taken take(
            Kind kind, @Nullable EventKey key, byte @Nullable [] rawKey, byte @Nullable [] value, long timestamp) {
        if (key == null) {
            return new Taken.Rejected(new Rejection(
                    Rejection.Code.INVALID_KEY,
                    "The key is " + EventKey.describe(rawKey) + ", not <teamId>/<" + idName(kind)
                            + "> with two positive 64-bit integers without sign or leading zero"));
        }
        return switch (kind) {
            case PERIODS ->
                value == null
                        ? new Taken.Accepted(new Change.PeriodDeleted(key))
                        : period(key, PeriodEvent.parse(key, value), timestamp);
            case ACTIONS ->
                value == null
                        ? new Taken.Accepted(new Change.ActionDeleted(key))
                        : action(key, ActionEvent.parse(key, value));
        };
    }

    private static Taken period(EventKey key, Parsed<PeriodEvent> parsed, long timestamp) {
        if (parsed instanceof Parsed.Event<PeriodEvent> accepted) {
            return new Taken.Accepted(new Change.PeriodChanged(key, accepted.event(), timestamp));
        }
        return new Taken.Rejected(((Parsed.Rejected<PeriodEvent>) parsed).rejection());
    }

    private static Taken action(EventKey key, Parsed<ActionEvent> parsed) {
        if (parsed instanceof Parsed.Event<ActionEvent> accepted) {
            return new Taken.Accepted(new Change.ActionChanged(key, accepted.event()));
        }
        return new Taken.Rejected(((Parsed.Rejected<ActionEvent>) parsed).rejection());
    }

    private static String idName(Kind kind) {
        return kind == Kind.PERIODS ? "periodId" : "actionId";
    }
}
