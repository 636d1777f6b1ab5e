package io.periodview.streams.intake;

import io.periodview.topics.ActionEvent;
import io.periodview.topics.EventKey;
import io.periodview.topics.EventLimits;
import io.periodview.topics.ParseResult;
import io.periodview.topics.PeriodEvent;
import io.periodview.topics.Rejection;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decides what a record is: a change to apply, or why it is none. Thread-safe; never throws. */
public final class EventDecoder {

    /** What a topic is about. */
    public enum Kind {
        PERIODS,
        ACTIONS
    }

    private EventDecoder() {}

    /** As the other one, with the record's own headers, which count by their size only. */
    public static ParseResult<Change> decode(
            Kind kind, byte @Nullable [] rawKey, byte @Nullable [] value, Headers headers, long timestamp) {
        ParseResult<Change> result = decode(kind, rawKey, value, timestamp);
        Rejection tooLarge =
                result instanceof ParseResult.Parsed<Change> ? EventLimits.besideValue(rawKey, headers) : null;
        return tooLarge == null ? result : new ParseResult.Rejected<>(tooLarge);
    }

    /**
     * @param rawKey as received
     * @param value null for a deletion
     * @param timestamp the record's, in milliseconds since the epoch
     */
    public static ParseResult<Change> decode(
            Kind kind, byte @Nullable [] rawKey, byte @Nullable [] value, long timestamp) {
        EventKey key = EventKey.parse(rawKey);
        if (key == null) {
            return new ParseResult.Rejected<>(new Rejection(
                    Rejection.Code.INVALID_KEY,
                    "The key is " + EventKey.describe(rawKey) + ", not <teamId>/<"
                            + (kind == Kind.PERIODS ? "periodId" : "actionId")
                            + "> with two positive 64-bit integers without sign or leading zero"));
        }
        if (value == null) {
            return new ParseResult.Parsed<>(
                    kind == Kind.PERIODS ? new Change.PeriodDeleted(key) : new Change.ActionDeleted(key));
        }
        return kind == Kind.PERIODS
                ? PeriodEvent.parse(key, value).map(event -> new Change.PeriodChanged(key, event, timestamp))
                : ActionEvent.parse(key, value).map(event -> new Change.ActionChanged(key, event));
    }
}
