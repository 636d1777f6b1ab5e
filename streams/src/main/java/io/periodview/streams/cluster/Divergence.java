package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.Checkpoint.Input;
import io.periodview.streams.checkpoint.LogFacts;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds the logs that were truncated, also those that have grown again and are longer than before. Each time that a
 * partition has another leader, its records have a higher epoch; brokers know where each epoch ends. Only consumers ask for
 * that, and compare it with the epoch of what they have read
 * (<a href="https://cwiki.apache.org/confluence/x/0T97B">KIP-320</a>); so there is one here, which reads nothing. Not
 * thread-safe.
 */
final class Divergence implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final List<String> inputs;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param client settings of Kafka's clients
     * @param inputs in the order of {@link Checkpoint}
     */
    Divergence(Map<String, Object> client, List<String> inputs) {
        this.inputs = inputs;
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Where logs end that have not all that was read of them, or from where on they have something else.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if the brokers do not say
     */
    Map<TopicPartition, Long> ends(Map<Integer, HostedRows> hosted, LogFacts facts) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        hosted.forEach((partition, rows) -> {
            Checkpoint checkpoint = rows.checkpoint();
            for (int i = 0; checkpoint != null && i < inputs.size(); i++) {
                Input input = checkpoint.inputs().get(i);
                LogFacts.Topic topic = facts.topics().get(inputs.get(i));
                if (input.leaderEpoch() >= 0 && topic != null && topic.id().equals(input.topic())) {
                    read.put(
                            new TopicPartition(inputs.get(i), partition),
                            new OffsetAndMetadata(input.next(), Optional.of(input.leaderEpoch()), ""));
                }
            }
        });
        try {
            return compare(read);
        } catch (InterruptException e) {
            Thread.interrupted(); // Kafka's client has set it again
            throw (InterruptedException) new InterruptedException().initCause(e);
        }
    }

    private Map<TopicPartition, Long> compare(Map<TopicPartition, OffsetAndMetadata> read) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        while (!read.isEmpty()) {
            if (!consumer.assignment().equals(read.keySet())) {
                consumer.assign(read.keySet());
                consumer.endOffsets(read.keySet(), TIMEOUT); // it compares nothing before it knows the leaders
            }
            read.forEach(consumer::seek);
            try {
                read.keySet().forEach(log -> consumer.position(log, TIMEOUT));
                return ends;
            } catch (LogTruncationException e) {
                Collection<TopicPartition> truncated = e.partitions();
                for (TopicPartition log : truncated) {
                    OffsetAndMetadata end = e.divergentOffsets().get(log);
                    ends.put(log, end == null ? 0 : end.offset());
                    read.remove(log);
                }
            }
        }
        return ends;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
