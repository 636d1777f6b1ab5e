package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.api.status.Setting;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.StreamsSettings;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import io.periodview.topics.NewApiKey;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * A broker of its own and some instances, for the tests of one class; and a reference that knows what they must answer.
 * One thread at a time.
 */
final class RunningService implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String LOOPBACK = "127.0.0.1";
    private static final String APPLICATION_ID = "period-view";
    private static final TopicNames TOPICS = new TopicNames("");
    static final int PARTITIONS = 4;

    private final Path directory;
    private final Broker broker;
    private final List<Instance> instances = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final ReferenceView reference = new ReferenceView();
    private final Map<Long, String> keys = new ConcurrentHashMap<>();
    private long clock = Instant.parse("2024-09-01T00:00:00Z").toEpochMilli();

    private RunningService(Path directory, Broker broker) {
        this.directory = directory;
        this.broker = broker;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
                        ProducerConfig.PARTITIONER_CLASS_CONFIG, TeamPartitioner.class.getName(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Broker and topics. */
    static RunningService start(Path directory) throws InterruptedException {
        Broker broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        RunningService service = new RunningService(directory, broker);
        try (Admin admin = Admin.create(service.client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(TopicsFile.packaged()
                    .specs(TOPICS, APPLICATION_ID, OptionalInt.of(PARTITIONS), OptionalInt.of(1))));
        }
        return service;
    }

    /** Starts an instance, which may not be ready yet. */
    Instance startInstance(int standbys) throws IOException, InterruptedException {
        return startInstance(standbys, port -> port);
    }

    /** @param advertised from the port of its API to the one where the other instances shall look for it */
    Instance startInstance(int standbys, UnaryOperator<Integer> advertised) throws IOException, InterruptedException {
        return startInstance(standbys, advertised, List.of());
    }

    /** Alone, with these settings to show. */
    Instance startInstance(List<Setting> settings) throws IOException, InterruptedException {
        return startInstance(0, port -> port, settings);
    }

    private Instance startInstance(int standbys, UnaryOperator<Integer> advertised, List<Setting> settings)
            throws IOException, InterruptedException {
        Instance instance = Instance.open(LOOPBACK, 0, 0);
        instances.add(instance);
        instance.start(
                TOPICS,
                new StreamsSettings(
                        APPLICATION_ID,
                        client(),
                        directory.resolve("instance-" + instances.size()),
                        new HostInfo(LOOPBACK, advertised.apply(instance.port())),
                        1,
                        standbys),
                settings);
        return instance;
    }

    /** Waits until each of these instances serves. */
    static void awaitReady(Instance... instances) {
        for (Instance instance : instances) {
            Client health = new Client(instance.adminPort());
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> health.send("GET", get("/health/ready")).status() == 200);
        }
    }

    private static byte[] get(String target) {
        return ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(UTF_8);
    }

    private Map<String, Object> client() {
        return Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    }

    ReferenceView reference() {
        return reference;
    }

    /** The key of a team, published the first time. */
    String key(long team) throws InterruptedException {
        String known = keys.get(team);
        if (known != null) {
            return known;
        }
        String key = newKey(team, null);
        keys.put(team, key);
        return key;
    }

    String newKey(long team, @Nullable Instant expiry) throws InterruptedException {
        String key = NewApiKey.generate().reveal();
        publishKey(key, new ApiKey(team, "test", expiry).toJson());
        return key;
    }

    /** @param json null to revoke it */
    void publishKey(String key, byte @Nullable [] json) throws InterruptedException {
        acknowledged(producer.send(
                new ProducerRecord<>(TOPICS.apiKeys(), ApiKeyHash.of(key).toBytes(), json)));
    }

    /** An event that the reference does not get to know. */
    void publishRaw(String topic, String key, @Nullable String value) throws InterruptedException {
        acknowledged(send(new Event(topic, key, clock++, value)));
    }

    /** An event in a partition that need not be its team's. */
    void publishTo(int partition, Event event) throws InterruptedException {
        reference.apply(event);
        String value = event.value();
        acknowledged(producer.send(new ProducerRecord<>(
                event.topic(),
                partition,
                event.timestamp(),
                event.key().getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8))));
    }

    Event period(long team, long id, String json) {
        return new Event(TOPICS.periods(), team + "/" + id, clock++, json.replace('\'', '"'));
    }

    Event action(long team, long id, String json) {
        return new Event(TOPICS.actions(), team + "/" + id, clock++, json.replace('\'', '"'));
    }

    /** Publishes events, in order, and returns when the broker has them. */
    void publish(List<Event> events) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Event event : events) {
            reference.apply(event);
            sent.add(send(event));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            acknowledged(each);
        }
    }

    /** Publishes events, in order, and returns when an instance shows what the reference shows. */
    void show(Instance instance, Event... events) throws InterruptedException {
        publish(List.of(events));
        Set<Long> teams = new HashSet<>();
        for (Event event : events) {
            teams.add(event.teamId());
        }
        for (long team : teams) {
            awaitShown(instance, team);
        }
    }

    /** Waits until an instance shows of a team what the reference shows. */
    void awaitShown(Instance instance, long team) throws InterruptedException {
        String key = key(team);
        Client client = new Client(instance.port());
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            assertThat(answer(client, key, "/periods")).isEqualTo(reference.periods(team, null, null));
            for (long period : reference.periodIds(team)) {
                JsonNode actions = answer(client, key, "/periods/" + period + "/actions");
                assertThat(new IdLedger().withoutIds(team, period, actions))
                        .isEqualTo(reference.actions(team, period, null));
            }
        });
    }

    private static JsonNode answer(Client client, String key, String target) {
        Reply reply = client.get(key, target);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json();
    }

    private Future<RecordMetadata> send(Event event) {
        String value = event.value();
        return producer.send(new ProducerRecord<>(
                event.topic(),
                null,
                event.timestamp(),
                event.key().getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8)));
    }

    private static void acknowledged(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new AssertionError("The broker did not take it", e);
        }
    }

    /** Stops all that was started and is not stopped yet. */
    @Override
    public void close() {
        producer.close();
        instances.forEach(Instance::close); // a second close is none
        broker.close();
    }
}
