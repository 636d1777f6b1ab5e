package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.streams.memory.HeapBudgets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrackingClientSupplierTest {

    private static final int PARTITION = 3;
    private static final TopicPartition ACTIONS = new TopicPartition("actions", PARTITION);

    /** Nobody answers there. */
    private static final Map<String, Object> CONFIG =
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1", ConsumerConfig.GROUP_ID_CONFIG, "group");

    /** A busy machine takes its time to begin it. */
    private static final Duration POLL = Duration.ofMinutes(2);

    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"));

    /** A poll waits for events, and an owner without a position does not answer. */
    @Test
    void anOwnersPositionIsKnownBeforeItWaitsForEvents() {
        OwnedPartition owned = partitions.activate(PARTITION);
        Consumer<byte[], byte[]> consumer =
                new TrackingClientSupplier(partitions, HeapBudgets.here(1)).getConsumer(CONFIG);
        consumer.assign(List.of(ACTIONS));
        consumer.seek(ACTIONS, 40);
        CompletableFuture<Void> poll =
                CompletableFuture.runAsync(() -> consumer.poll(POLL), task -> new Thread(task).start());
        await().atMost(POLL.dividedBy(2)).until(() -> owned.offsets().current().equals(Map.of("actions", 39L)));
        assertThat(poll).isNotDone();
        consumer.wakeup();
        await().until(poll::isDone);
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
