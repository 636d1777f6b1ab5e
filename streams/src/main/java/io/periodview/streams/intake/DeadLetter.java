package io.periodview.streams.intake;

import io.periodview.topics.Rejection;
import org.apache.kafka.common.header.Headers;

/**
 * What the headers of a dead letter say.
 *
 * @param code why it was rejected, for programs; one that a newer service has given may be unknown here
 * @param message the same for people, one line
 * @param own the event's own headers, as they were received
 * @param omissions what of the event is not in the letter
 */
public record DeadLetter(RecordOrigin origin, String code, String message, Headers own, Omissions omissions) {

    /** Whether key, value and headers are the event's; else it cannot be sent again from here. */
    public boolean isWhole() {
        return omissions.isNone() && !code.equals(Rejection.Code.SKIPPED.toString());
    }
}
