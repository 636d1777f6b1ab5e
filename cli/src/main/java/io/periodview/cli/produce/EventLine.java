package io.periodview.cli.produce;

import io.periodview.topics.OneLine;
import org.jspecify.annotations.Nullable;

/** A parsed line of the input. */
sealed interface EventLine {

    /**
     * An event to send.
     *
     * @param topic {@code periods} or {@code actions}, without a prefix
     * @param timestamp milliseconds since 1970; null: the producer's time
     * @param value exactly the bytes of the JSON value in the line; null for a tombstone
     */
    record Event(String topic, byte[] key, @Nullable Long timestamp, byte @Nullable [] value) implements EventLine {}

    /** White space only. */
    record Empty() implements EventLine {}

    /** Not an event. The reason is a sentence for the author of the file. */
    record Malformed(String reason) implements EventLine {
        public Malformed {
            reason = OneLine.of(reason);
        }
    }
}
