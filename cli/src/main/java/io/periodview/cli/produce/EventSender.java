package io.periodview.cli.produce;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.topics.TeamPartitioner;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Sends events in order and counts those that the broker has acknowledged. One thread sends; any may ask.
 */
final class EventSender implements AutoCloseable {

    private final KafkaCluster cluster;
    private final String prefix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<String> topicsSeen = new HashSet<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private final AcknowledgedOffsets offsets = new AcknowledgedOffsets();

    EventSender(KafkaOptions options, KafkaCluster cluster) {
        this.cluster = cluster;
        this.prefix = options.topics().prefix();
        Map<String, Object> properties = options.producerProperties();
        // Unless set otherwise: large batches (they fill at this rate), compressed for the wire and the disk.
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        // The broker decides how large an event may be.
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LineReader.MAX_LINE_BYTES);
        properties.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, TeamPartitioner.class);
        this.producer = new KafkaProducer<>(properties);
    }

    /** Sends an event, may block; whether it arrived is known after {@link #flush()}. */
    void send(EventLine.Event event, long line) throws InterruptedException {
        String topic = prefix + event.topic();
        if (topicsSeen.add(topic)) {
            cluster.describe(topic);
        }
        try {
            producer.send(
                    new ProducerRecord<>(topic, null, event.timestamp(), event.key(), event.value()),
                    (metadata, problem) -> completed(event.topic(), line, metadata, problem));
        } catch (KafkaException e) {
            failed(line, e); // which the callback is not called for
        }
    }

    /** Waits until every event so far is acknowledged or has failed. */
    void flush() {
        producer.flush();
    }

    /** Which line was the first that could not be sent, and why, as a sentence; or null. */
    @Nullable
    String failure() {
        return failure.get();
    }

    /** How many events the broker has acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    AcknowledgedOffsets offsets() {
        return offsets;
    }

    @Override
    public void close() {
        producer.close();
    }

    private void completed(String topic, long line, @Nullable RecordMetadata metadata, @Nullable Exception problem) {
        if (problem != null || metadata == null) {
            failed(line, problem == null ? new KafkaException("No answer") : problem);
        } else {
            offsets.advance(topic, metadata.partition(), metadata.offset());
            acknowledged.incrementAndGet();
        }
    }

    private void failed(long line, Exception problem) {
        failure.compareAndSet(null, "Line " + line + " could not be sent: " + KafkaErrors.reason(problem));
    }
}
