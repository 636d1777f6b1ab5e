package io.periodview.streams.intake;

import org.apache.kafka.common.header.Headers;

/**
 * What the headers of a dead letter say.
 *
 * @param code why it was rejected, for programs; one that a newer service has given may be unknown here
 * @param message the same for people, one line
 * @param own the event's own headers, as they were received
 */
public record DeadLetter(RecordOrigin origin, String code, String message, Headers own) {}
