package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.testkit.Event;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import io.periodview.topics.NewApiKey;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events and API keys, and keeps a reference of what must be answered then. One thread at a time.
 */
final class EventPublisher implements AutoCloseable {

    private final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ReferenceView reference = new ReferenceView();
    private final Map<Long, String> keysByTeam = new HashMap<>();
    private final Set<String> keys = new TreeSet<>();
    private long clock = Instant.parse("2024-09-01T00:00:00Z").toEpochMilli();

    EventPublisher(String bootstrapServers, TopicNames topics) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.PARTITIONER_CLASS_CONFIG,
                        TeamPartitioner.class.getName(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** With the prefix of the service, which events here do without. */
    TopicNames topics() {
        return topics;
    }

    ReferenceView reference() {
        return reference;
    }

    /** The one key of a team that most tests need; published the first time. */
    String key(long team) throws InterruptedException {
        String known = keysByTeam.get(team);
        if (known != null) {
            return known;
        }
        String key = newKey(team, null);
        keysByTeam.put(team, key);
        return key;
    }

    String newKey(long team, @Nullable Instant expiry) throws InterruptedException {
        String key = NewApiKey.generate().reveal();
        publishKey(key, new ApiKey(team, "test", expiry).toJson());
        return key;
    }

    /** @param json null to revoke the key */
    void publishKey(String key, byte @Nullable [] json) throws InterruptedException {
        keys.add(key);
        awaitAck(producer.send(
                new ProducerRecord<>(topics.apiKeys(), ApiKeyHash.of(key).toBytes(), json)));
    }

    /** All keys so far. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    Event period(long team, long id, String json) {
        return new Event("periods", team + "/" + id, clock++, json);
    }

    Event action(long team, long id, String json) {
        return new Event("actions", team + "/" + id, clock++, json);
    }

    /** Publishes events in this order, and returns when the broker has all of them. */
    void publish(List<Event> events) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Event event : events) {
            reference.apply(event);
            sent.add(send(event, null));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            awaitAck(each);
        }
    }

    /** Publishes an event in a partition that need not be its team's. */
    void publishTo(int partition, Event event) throws InterruptedException {
        reference.apply(event);
        awaitAck(send(event, partition));
    }

    /** Publishes an event that the reference does not learn of, such as one that the service rejects. */
    void publishUnreferenced(Event event) throws InterruptedException {
        awaitAck(send(event, null));
    }

    /** @param partition null for the team's */
    private Future<RecordMetadata> send(Event event, @Nullable Integer partition) {
        String value = event.value();
        return producer.send(new ProducerRecord<>(
                event.isPeriod() ? topics.periods() : topics.actions(),
                partition,
                event.timestamp(),
                event.key().getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8)));
    }

    private static void awaitAck(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new AssertionError("The broker did not accept it", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
