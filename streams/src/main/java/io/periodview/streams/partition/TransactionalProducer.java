package io.periodview.streams.partition;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Knows of each thread whether its last transaction is committed. */
final class TransactionalProducer extends KafkaProducer<byte[], byte[]> {

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
