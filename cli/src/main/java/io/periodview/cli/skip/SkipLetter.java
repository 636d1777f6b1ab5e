package io.periodview.cli.skip;

import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.Rejection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The dead letter that says who passed over what, and why; it never has a value.
 *
 * @param key null if there is none, or it is unknown
 */
record SkipLetter(byte @Nullable [] key, Headers headers) {

    static SkipLetter of(TopicPartition partition, long offset, Finding finding, String reason) {
        Rejection skipped = new Rejection(Rejection.Code.SKIPPED, reason);
        if (finding instanceof Finding.Oversized oversized) {
            RecordOrigin origin = new RecordOrigin(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    Math.max(RecordOrigin.UNKNOWN_TIME, oversized.found().timestamp()));
            return new SkipLetter(
                    oversized.kept().key(),
                    origin.rejected(
                            oversized.kept().headers(),
                            skipped,
                            oversized.kept().omissions()));
        }
        RecordOrigin origin =
                new RecordOrigin(partition.topic(), partition.partition(), offset, RecordOrigin.UNKNOWN_TIME);
        return new SkipLetter(null, origin.rejected(new RecordHeaders(), skipped, Omissions.NONE));
    }

    /** Writes it, and returns where it is. */
    RecordOffset write(KafkaOptions options) throws InterruptedException {
        Map<String, Object> properties = options.promptProducerProperties();
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, StreamsSettings.MAX_DEAD_LETTER_BYTES);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        String topic = options.topics().deadLetters();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
            RecordMetadata at = producer.send(new ProducerRecord<>(topic, null, key, null, headers))
                    .get();
            return new RecordOffset("dead-letters", at.partition(), at.offset());
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "Nothing was skipped: the dead letter was not stored in topic " + topic + ": "
                            + KafkaErrors.reason(e),
                    e);
        }
    }
}
