package io.periodview.streams.owned;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/** The clients of Kafka Streams, of which the consumers tell at every poll how far they are. */
public final class WatchedClients extends DefaultKafkaClientSupplier {

    private static final String HEARTBEATS = "heartbeat-total";

    private final Held held;

    public WatchedClients(Held held) {
        this.held = held;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new EventConsumer(config, held);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new ChangelogConsumer(config, held);
    }

    /** Reads the events of the partitions that a thread owns. */
    private static final class EventConsumer extends KafkaConsumer<byte[], byte[]> {

        private final Held held;
        private @Nullable Metric heartbeats;

        EventConsumer(Map<String, Object> config, Held held) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.held = held;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            for (TopicPartition partition : records.partitions()) {
                OwnedPartition owned = held.begun(partition.partition());
                if (owned != null) {
                    List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                    owned.positions()
                            .polled(
                                    partition.topic(),
                                    batch.get(batch.size() - 1).offset());
                }
            }
            records.nextOffsets().forEach((partition, next) -> {
                OwnedPartition owned = held.begun(partition.partition());
                if (owned != null) {
                    owned.positions().goesOnAt(partition.topic(), next.offset());
                }
            });
            for (TopicPartition partition : assignment()) {
                tellIfUnknown(partition);
            }
            held.pollsOf(Thread.currentThread()).polled(heartbeats());
            return records;
        }

        /** Where nothing comes, the consumer's place does not change, and the poll does not tell it. */
        private void tellIfUnknown(TopicPartition partition) {
            OwnedPartition owned = held.begun(partition.partition());
            if (owned != null && !owned.positions().isKnown(partition.topic())) {
                try {
                    owned.positions().goesOnAt(partition.topic(), position(partition, Duration.ZERO));
                } catch (TimeoutException e) {
                    return; // it is being looked up; a later poll tells it
                }
            }
        }

        private double heartbeats() {
            if (heartbeats == null) {
                heartbeats = metrics().entrySet().stream()
                        .filter(metric -> metric.getKey().name().equals(HEARTBEATS))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow();
            }
            return ((Number) heartbeats.metricValue()).doubleValue();
        }
    }

    /** Reads the changelogs of partitions that are restored, or kept ready. */
    private static final class ChangelogConsumer extends KafkaConsumer<byte[], byte[]> {

        private final Held held;

        ChangelogConsumer(Map<String, Object> config, Held held) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.held = held;
        }

        /** Whatever the last poll returned is applied when the next one begins. */
        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            for (TopicPartition changelog : assignment()) {
                OptionalLong lag = paused().contains(changelog) ? OptionalLong.empty() : currentLag(changelog);
                lag.ifPresent(behind -> held.copy(changelog.partition()).isBehind(behind));
            }
            return super.poll(timeout);
        }
    }
}
