package io.periodview.streams.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a partition from its begin within bounds. Not thread-safe. */
final class BoundedConsumer implements AutoCloseable {

    final KafkaConsumer<byte[], byte[]> consumer;

    /** Bytes of a poll. */
    long max = Long.MAX_VALUE;

    /** Records of the largest poll. */
    int mostInAPoll;

    private final PollBudget budget = new PollBudget();

    BoundedConsumer(Map<String, Object> config, TopicPartition partition, LargeRecords large) {
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new OmittingDeserializer());
        BoundedFetches.install(consumer, budget, large);
        consumer.assign(List.of(partition));
        consumer.seek(partition, 0);
    }

    List<ConsumerRecord<byte[], byte[]>> read(int count) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).until(() -> {
            poll().forEach(all::add);
            return all.size() >= count;
        });
        assertThat(all).hasSize(count);
        return all;
    }

    /** Without bounds. */
    static List<ConsumerRecord<byte[], byte[]>> read(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            return all.size() >= count;
        });
        return all;
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        budget.begin(max);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
        mostInAPoll = Math.max(mostInAPoll, records.count());
        return records;
    }

    /** What the next record fails with. */
    UnreadableRecordException failure() {
        List<UnreadableRecordException> failures = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).until(() -> {
            try {
                assertThat(poll()).isEmpty();
            } catch (KafkaException e) {
                failures.add(Objects.requireNonNull(UnreadableRecordException.in(e)));
            }
            return !failures.isEmpty();
        });
        return failures.get(0);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
