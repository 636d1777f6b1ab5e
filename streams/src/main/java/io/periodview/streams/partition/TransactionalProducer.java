package io.periodview.streams.partition;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.StreamThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows of each thread whether its last transaction is committed, and goes on committing until the brokers answer: Kafka
 * Streams would discard the stores of a thread whose commit times out, and restore them. Used by one thread.
 */
final class TransactionalProducer extends KafkaProducer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalProducer.class);

    private static final String RESPONSES = "response-total";
    private static final String METRICS = "producer-metrics";

    /** Where brokers answer, a thread that has not polled for max.poll.interval.ms loses its partitions anyway. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

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

    /** The same offsets may be sent twice: Kafka's client asks for both before it ends the transaction. */
    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        untilAnswered(() -> super.sendOffsetsToTransaction(offsets, groupMetadata));
    }

    /** Kafka's client allows nothing else after a timeout: the second call awaits what the first one has begun. */
    @Override
    public void commitTransaction() {
        untilAnswered(super::commitTransaction);
        partitions.transactionCommitted();
    }

    /**
     * @throws CommitFailedException if the transaction cannot be committed any more: for that, Kafka Streams begins again with
     *     the stores that it has
     */
    private void untilAnswered(Runnable request) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            double responses = responses();
            try {
                request.run();
                if (attempt > 1) {
                    LOG.info("The brokers have answered again after {} s", secondsSince(begin));
                }
                return;
            } catch (InvalidTxnStateException | TransactionAbortableException e) {
                // It timed out while the brokers or this thread were away, and was ended.
                throw new CommitFailedException("The transaction was ended by the brokers: " + e.getMessage());
            } catch (TimeoutException e) {
                if (isStopping()) {
                    throw e;
                }
                if (responses() > responses && secondsSince(begin) >= MAX_WAIT.toSeconds()) {
                    throw new CommitFailedException("The brokers answer, and have not committed for "
                            + secondsSince(begin) + " s: " + e.getMessage());
                }
                if (attempt == 1) {
                    LOG.warn(
                            "The brokers have not answered for {} s; nothing is applied until they do: {}",
                            secondsSince(begin),
                            e.getMessage());
                }
            }
        }
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }

    private static boolean isStopping() {
        return Thread.currentThread() instanceof StreamThread thread && !thread.isRunning();
    }

    private double responses() {
        return metrics().entrySet().stream()
                .filter(each -> each.getKey().name().equals(RESPONSES)
                        && each.getKey().group().equals(METRICS))
                .mapToDouble(each -> ((Number) each.getValue().metricValue()).doubleValue())
                .sum();
    }
}
