package io.periodview.cli.deadletters;

import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.EventKey;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.TopicNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code dead-letters}, written by the service or by another producer.
 *
 * @param place its own
 * @param timestamp its own, in milliseconds since the epoch: when it was rejected
 * @param headers the event's own; all of them if the service did not write it
 * @param rejection why and from where, null if the service did not write it
 * @param topic that it came from: {@code periods} or {@code actions}, null if neither
 */
record DeadLetterRecord(
        RecordOffset place,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        @Nullable DeadLetter rejection,
        @Nullable String topic) {

    static final String TOPIC = "dead-letters";

    static DeadLetterRecord of(ConsumerRecord<byte[], byte[]> record, TopicNames names) {
        DeadLetter rejection = RecordOrigin.ofRejected(record.headers());
        return new DeadLetterRecord(
                new RecordOffset(TOPIC, record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                rejection == null ? record.headers() : rejection.own(),
                rejection,
                rejection == null ? null : shortName(rejection.origin().topic(), names));
    }

    private static @Nullable String shortName(String topic, TopicNames names) {
        if (topic.equals(names.periods())) {
            return "periods";
        }
        return topic.equals(names.actions()) ? "actions" : null;
    }

    /** The team in its key, null if there is none. */
    @Nullable
    Long team() {
        EventKey parsed = EventKey.parse(key);
        return parsed == null ? null : parsed.teamId();
    }

    /** What of the event is not in it. */
    Omissions omissions() {
        return rejection == null ? Omissions.NONE : rejection.omissions();
    }

    /** Whether an operator passed over the event; of one that nobody could read, nothing is known. */
    boolean isSkipped() {
        return rejection != null && rejection.isSkipped();
    }

    /** Where the event was received, null if that is unknown. */
    @Nullable
    RecordOffset origin() {
        if (rejection == null) {
            return null;
        }
        RecordOrigin origin = rejection.origin();
        return new RecordOffset(topic == null ? origin.topic() : topic, origin.partition(), origin.offset());
    }
}
