package io.periodview.streams.partition;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The clients of Kafka Streams. The consumers report at every poll how far they are, the producers which transactions are
 * committed. */
public final class TrackingClientSupplier extends DefaultKafkaClientSupplier {

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
}
