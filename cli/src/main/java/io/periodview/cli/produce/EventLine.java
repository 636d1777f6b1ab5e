package io.periodview.cli.produce;

import org.jspecify.annotations.Nullable;

/** What a line of the input turned out to be. */
sealed interface EventLine {

    /**
     * An event to send.
     *
     * @param topic {@code periods} or {@code actions}, without a prefix
     * @param timestamp milliseconds since 1970; null: the producer's time
     * @param value exactly the bytes of the JSON value in the line; null is a tombstone
     */
    record Event(String topic, byte[] key, @Nullable Long timestamp, byte @Nullable [] value) implements EventLine {}

    /** Nothing but white space. */
    record Empty() implements EventLine {}

    /** No event. The reason is a sentence for the person who made the file. */
    record Malformed(String reason) implements EventLine {}
}
