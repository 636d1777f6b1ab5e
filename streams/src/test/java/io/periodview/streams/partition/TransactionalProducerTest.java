package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionalProducerTest {

    private static final Duration MAX_BLOCK = Duration.ofMillis(100);

    /** Nobody answers there. */
    private static final Map<String, Object> CONFIG = Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
            ProducerConfig.TRANSACTIONAL_ID_CONFIG, "transaction",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());

    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"));

    @Test
    void aCommitWaitsForTheBrokersUntilItsThreadIsInterrupted() throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try (TransactionalProducer producer = new TransactionalProducer(CONFIG, partitions)) {
            Thread thread = new Thread(() -> producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("actions", 0), new OffsetAndMetadata(1)),
                    new ConsumerGroupMetadata("group")));
            thread.setUncaughtExceptionHandler((unused, thrown) -> failure.set(thrown));
            thread.start();
            await().during(MAX_BLOCK.multipliedBy(5)).until(thread::isAlive);
            thread.interrupt();
            thread.join();
            assertThat(failure.get()).isInstanceOf(InterruptException.class);
        }
    }
}
