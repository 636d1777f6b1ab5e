package io.periodview.streams.partition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The clients of Kafka Streams. The consumers report at every poll how far they are, the producers which transactions are
 * committed. */
public final class TrackingClientSupplier extends DefaultKafkaClientSupplier {

    private static final String HEARTBEATS = "heartbeat-total";
    private static final String FETCHES = "fetch-total";

    /** At the lag of an owner, which is for operators only. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);

    private final LocalPartitions partitions;

    public TrackingClientSupplier(LocalPartitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new EventConsumer(config, partitions);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new ChangelogConsumer(config, partitions);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new TransactionalProducer(config, partitions);
    }

    /** Knows of each thread whether its last transaction is committed. */
    private static final class TransactionalProducer extends KafkaProducer<byte[], byte[]> {

        private final LocalPartitions partitions;

        TransactionalProducer(Map<String, Object> config, LocalPartitions partitions) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.partitions = partitions;
        }

        @Override
        public void beginTransaction() {
            partitions.transactionBegun();
            super.beginTransaction();
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            partitions.transactionCommitted();
        }
    }

    /** Reads the events of the partitions that a thread owns. */
    private static final class EventConsumer extends KafkaConsumer<byte[], byte[]> {

        private final LocalPartitions partitions;
        private final Counter heartbeats = new Counter(this, HEARTBEATS);
        private long lagAt = System.nanoTime() - LAG_INTERVAL.toNanos();

        EventConsumer(Map<String, Object> config, LocalPartitions partitions) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.partitions = partitions;
        }

        /**
         * Whatever can fail, or answers late, comes before the records: those that a poll returns and does not hand over
         * are lost. And heartbeats are counted that this very poll heeds: if the group has moved on, it takes the
         * partitions away.
         */
        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            assignment().forEach(this::initializePosition);
            reportLag();
            if (!assignment().isEmpty() && partitions.takeRebalanceRequest()) {
                enforceRebalance("local state was lost");
            }
            double answered = heartbeats.value();
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            for (TopicPartition partition : records.partitions()) {
                OwnedPartition owned = partitions.active(partition.partition());
                if (owned != null) {
                    List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                    owned.offsets()
                            .polled(
                                    partition.topic(),
                                    batch.get(0).offset(),
                                    batch.get(batch.size() - 1).offset());
                }
            }
            records.nextOffsets().forEach((partition, next) -> {
                OwnedPartition owned = partitions.active(partition.partition());
                if (owned != null) {
                    owned.offsets().consumerAt(partition.topic(), next.offset());
                }
            });
            partitions.leaseOf(Thread.currentThread()).polled(answered);
            return records;
        }

        /** What the consumer knows of the ends without asking anybody. */
        private void reportLag() {
            long now = System.nanoTime();
            if (now - lagAt < LAG_INTERVAL.toNanos()) {
                return;
            }
            lagAt = now;
            for (TopicPartition partition : assignment()) {
                OwnedPartition owned = partitions.active(partition.partition());
                if (owned != null) {
                    currentLag(partition).ifPresent(lag -> owned.offsets().updateLag(partition.topic(), lag));
                }
            }
        }

        /** Where nothing comes, the consumer's position does not change, and the poll does not report it. */
        private void initializePosition(TopicPartition partition) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null && !owned.offsets().isInitialized(partition.topic())) {
                try {
                    owned.offsets().consumerAt(partition.topic(), position(partition, Duration.ZERO));
                } catch (TimeoutException e) {
                    return; // it is being looked up; a later poll has it
                }
            }
        }
    }

    /** Reads the changelogs of partitions that are restored, or kept ready. */
    private static final class ChangelogConsumer extends KafkaConsumer<byte[], byte[]> {

        private final LocalPartitions partitions;
        private final Counter fetches = new Counter(this, FETCHES);
        private double fetchesBefore;

        ChangelogConsumer(Map<String, Object> config, LocalPartitions partitions) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.partitions = partitions;
        }

        /** Whatever the last poll returned is applied when the next one begins. */
        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            double fetched = fetches.value();
            boolean answered = fetched > fetchesBefore;
            fetchesBefore = fetched;
            for (TopicPartition changelog : assignment()) {
                OptionalLong lag = paused().contains(changelog) ? OptionalLong.empty() : currentLag(changelog);
                lag.ifPresent(
                        behind -> partitions.replica(changelog.partition()).updateLag(behind, answered));
            }
            return super.poll(timeout);
        }
    }

    /** How often something has happened, as a consumer counts it. */
    private static final class Counter {

        private final Metric metric;

        Counter(Consumer<?, ?> consumer, String name) {
            metric = consumer.metrics().entrySet().stream()
                    .filter(each -> each.getKey().name().equals(name)
                            && !each.getKey().tags().containsKey("topic"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
        }

        double value() {
            return ((Number) metric.metricValue()).doubleValue();
        }
    }
}
