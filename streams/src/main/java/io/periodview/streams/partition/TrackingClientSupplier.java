package io.periodview.streams.partition;

import io.periodview.streams.memory.HeapBudgets;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * The clients of Kafka Streams. The consumers report at every poll how far they are, and take no more than their share of
 * the heap; the producers report which transactions are committed.
 */
public final class TrackingClientSupplier extends DefaultKafkaClientSupplier {

    private final LocalPartitions partitions;
    private final HeapBudgets heap;

    public TrackingClientSupplier(LocalPartitions partitions, HeapBudgets heap) {
        this.partitions = partitions;
        this.heap = heap;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new EventConsumer(config, partitions, heap);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new ChangelogConsumer(config, partitions, heap.poll());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new ApiKeyConsumer(config, heap.poll());
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new TransactionalProducer(config, partitions);
    }
}
