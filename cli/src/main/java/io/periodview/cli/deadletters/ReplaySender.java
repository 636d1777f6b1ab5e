package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.intake.DeadLetter;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends events as they were received, in order. One thread at a time. */
final class ReplaySender implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    /** @param oneByOne without batches, so that a refused event takes no others with it */
    ReplaySender(KafkaOptions options, boolean oneByOne) {
        Map<String, Object> properties = options.producerProperties();
        // The broker accepts or refuses whole batches.
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, oneByOne ? 0 : 256 * 1024);
        // Whatever fitted into dead-letters can be sent again.
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, StreamsSettings.MAX_DEAD_LETTER_BYTES);
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * StreamsSettings.MAX_DEAD_LETTER_BYTES);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        this.producer = new KafkaProducer<>(properties);
    }

    /**
     * Sends an event; the callback has been called when {@link #flush()} returns.
     *
     * @param rejection has the origin, which is where it goes
     */
    void send(DeadLetterRecord letter, DeadLetter rejection, int partition, Callback callback) {
        producer.send(
                new ProducerRecord<>(
                        rejection.origin().topic(),
                        partition,
                        rejection.origin().timestamp(),
                        letter.key(),
                        letter.value(),
                        letter.headers()),
                callback);
    }

    /** Waits until every event so far is acknowledged or has failed. */
    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
