package io.periodview.topics;

/**
 * Why an event cannot be applied.
 *
 * @param code stable, for programs
 * @param message one line that says what is wrong and where, for the person who mends the producer
 */
public record Rejection(Code code, String message) {

    public Rejection {
        message = OneLine.of(message);
    }

    /** The stable codes, as they stand in the header {@code __streams.errors.exception}. */
    public enum Code {
        /** The key is not {@code <teamId>/<id>}. */
        INVALID_KEY("invalid-key"),
        /** The value has no bytes; a deletion has a null value. */
        EMPTY_VALUE("empty-value"),
        /** The value is not one JSON document in UTF-8. */
        MALFORMED_JSON("malformed-json"),
        /** A required field is absent or null. */
        MISSING_FIELD("missing-field"),
        /** A field has a wrong type or a value it cannot have. */
        INVALID_VALUE("invalid-value"),
        /** The event has more bytes than {@link EventLimits} allow. */
        TOO_LARGE("too-large"),
        /** An operator has skipped the record, since no instance could take it in. */
        SKIPPED("skipped");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
