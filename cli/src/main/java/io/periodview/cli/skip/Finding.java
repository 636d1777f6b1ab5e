package io.periodview.cli.skip;

import io.periodview.streams.intake.OversizedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is at an offset. Immutable. */
sealed interface Finding {

    /** A record that the service takes in, or rejects itself. */
    record Readable(ConsumerRecord<byte[], byte[]> found) implements Finding {}

    /** A record that is larger than what is kept of one. */
    record Oversized(ConsumerRecord<byte[], byte[]> found, OversizedRecord kept) implements Finding {}

    /** @param reason a sentence */
    record Unreadable(String reason) implements Finding {}

    /**
     * The log begins later.
     *
     * @param start its first offset now
     */
    record Gone(long start) implements Finding {}

    /** Compaction has removed the record, or its transaction was aborted, or there never was one. */
    record Nothing() implements Finding {}

    /**
     * The log ends before.
     *
     * @param end behind its last committed offset
     */
    record NotYet(long end) implements Finding {}
}
