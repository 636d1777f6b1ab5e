package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.testkit.Event;
import io.periodview.testkit.RandomHistory;
import io.periodview.topics.TeamPartitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A random history of three teams, and what of it the view must show. The events of one of the teams lie in other
 * partitions than their team's. Not thread-safe.
 */
final class TopicHistory {

    static final List<Long> TEAMS = List.of(1L, 2L, 3L);

    private final int partitions;
    private final RandomHistory random;
    private final long beginning = System.currentTimeMillis();
    private List<Published> published = new ArrayList<>();

    TopicHistory(long seed, int partitions) {
        this.random = new RandomHistory(seed);
        this.partitions = partitions;
    }

    static boolean isElsewhere(long team) {
        return team % 2 == 0;
    }

    List<Published> published() {
        return List.copyOf(published);
    }

    List<Event> events() {
        return published.stream().map(Published::event).toList();
    }

    /** The next events that are wanted, to be published. */
    List<Event> next(int count, Predicate<Event> wanted) {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            Event event = random.next();
            if (wanted.test(event)) {
                events.add(new Event(
                        event.topic(),
                        event.key(),
                        // With timestamps of years ago the broker would compact events before they are read.
                        event.timestamp() - RandomHistory.EPOCH.toEpochMilli() + beginning,
                        event.value()));
            }
        }
        return events;
    }

    void publish(String bootstrapServers, List<Event> events) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            List<Future<RecordMetadata>> records = new ArrayList<>();
            events.forEach(event -> records.add(producer.send(record(event))));
            for (int i = 0; i < events.size(); i++) {
                RecordMetadata at = records.get(i).get();
                published.add(
                        new Published(events.get(i), new TopicPartition(at.topic(), at.partition()), at.offset()));
            }
        }
    }

    static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> record(Event event) {
        return new ProducerRecord<>(
                event.topic(),
                logOf(event).partition(),
                event.timestamp(),
                event.key().getBytes(UTF_8),
                bytes(event.value()));
    }

    TopicPartition logOf(Event event) {
        // All of a key in one partition, since otherwise they have no order.
        return new TopicPartition(
                event.topic(),
                isElsewhere(event.teamId())
                        ? Math.floorMod(event.key().hashCode(), partitions)
                        : TeamPartitioner.partitionOf(event.teamId(), partitions));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    /** Forgets what the view must not show any more. */
    void forget(Predicate<Published> lost) {
        published.removeIf(lost);
    }

    /** From now on the view must show what the topics have. */
    void reread(String bootstrapServers) {
        published = read(bootstrapServers);
    }

    /** What the topics have. */
    static List<Published> read(String bootstrapServers) {
        List<Published> found = new ArrayList<>();
        for (String topic : List.of("periods", "actions")) {
            Topics.readCommitted(
                    bootstrapServers,
                    topic,
                    record -> found.add(new Published(
                            new Event(
                                    topic,
                                    new String(record.key(), UTF_8),
                                    record.timestamp(),
                                    record.value() == null ? null : new String(record.value(), UTF_8)),
                            new TopicPartition(topic, record.partition()),
                            record.offset())));
        }
        return found;
    }
}
