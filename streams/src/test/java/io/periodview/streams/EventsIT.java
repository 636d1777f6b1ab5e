package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.FormFieldSelection;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.ApiKey;
import io.periodview.topics.NewApiKey;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whatever producers send, with a real broker: what is applied, and what comes out as a dead letter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String APPLICATION = "events-it";
    private static final TopicNames TOPICS = new TopicNames("it.");
    private static final int PARTITIONS = 12;
    private static final int EVENTS = 1_500;
    private static final int LARGEST_EVENT = 1 << 20;
    private static final long OWN_TIME = 1_700_000_000_123L;

    @TempDir
    static Path directory;

    private TestBroker broker;
    private PeriodViewService service;
    private KafkaProducer<byte[], byte[]> producer;

    /** The one that this class talks to. */
    TestBroker startBroker() throws Exception {
        return TestBroker.inABox(directory.resolve("broker"));
    }

    @BeforeAll
    void start() throws Exception {
        broker = startBroker();
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
        }
        producer = producer(Map.of());
        service = PeriodViewService.start(
                new StreamsSettings(
                        APPLICATION, client(), directory.resolve("state"), new HostInfo("127.0.0.1", 1), 1, 0),
                EventTopics.of(TOPICS, APPLICATION, PARTITIONS),
                ServiceMetrics.NONE);
        await().atMost(TIMEOUT).until(service::isServing);
    }

    @AfterAll
    void stop() {
        if (service != null) {
            service.close();
        }
        if (producer != null) {
            producer.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aHistoryWithGarbageBetweenShowsAsTheReferenceAndTheGarbageIsInTheDeadLetters() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(seed);
        ReferenceView reference = new ReferenceView();
        Garbage garbage = new Garbage(random, TOPICS.periods(), TOPICS.actions(), PARTITIONS, 20, 12);
        Map<Garbage.Bad, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        DeadLetterCheck deadLetters = new DeadLetterCheck();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> readUntil(done));
        for (int i = 0; i < EVENTS; i++) {
            Event event = history.next();
            Event elsewhere = Rendered.forTeam(10 + event.teamId(), event);
            reference.apply(event);
            reference.apply(elsewhere);
            producer.send(record(event, TeamPartitioner.partitionOf(event.teamId(), PARTITIONS)));
            // By its whole key, as a producer does that knows nothing of teams: mostly a partition of other teams.
            producer.send(record(elsewhere, Math.floorMod(elsewhere.key().hashCode(), PARTITIONS)));
            if (i % 15 == 0) {
                Garbage.Bad bad = garbage.next();
                sent.put(bad, producer.send(bad.record()));
            }
        }
        producer.flush();
        await().atMost(TIMEOUT).untilAsserted(() -> Rendered.compare(service, seed, reference, new IdLedger()));
        Rendered.compare(service, seed, reference, new IdLedger());
        assertThat(service.fatalError()).isNotDone();
        done.set(true);
        assertThat(reading.join()).as("answers while the events came").isPositive();
        for (Map.Entry<Garbage.Bad, Future<RecordMetadata>> each : sent.entrySet()) {
            deadLetters.expect(each.getKey(), each.getValue().get());
        }
        deadLetters.compare(client(), TOPICS.deadLetters());
    }

    @Test
    void whatWasAbortedNeverHappened() throws Exception {
        String period = "{\"name\":\"kept\",\"start_date\":\"2024-07-01T00:00:00Z\"}";
        String action = "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"status\":\"kept\"}";
        int partition = TeamPartitioner.partitionOf(50, PARTITIONS);
        try (KafkaProducer<byte[], byte[]> transactional = producer(Map.of("transactional.id", "events-it-producer"))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(record(new Event("periods", "50/1", OWN_TIME, period), partition));
            transactional.send(record(new Event("actions", "50/1", OWN_TIME, action), partition));
            transactional.commitTransaction();
            transactional.beginTransaction();
            transactional.send(record(new Event("periods", "50/1", OWN_TIME, null), partition));
            transactional.send(
                    record(new Event("actions", "50/1", OWN_TIME, action.replace("kept", "lost")), partition));
            transactional.send(record(new Event("actions", "50/2", OWN_TIME, action), partition));
            transactional.flush();
            transactional.abortTransaction();
            transactional.beginTransaction();
            transactional.send(record(new Event("actions", "50/3", OWN_TIME, action), partition));
            transactional.commitTransaction();
        }
        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode actions = Rendered.json(service.queries().askOwner(new Query.Actions(50, 1, null)));
            assertThat(actions.findValuesAsText("actionId")).containsExactly("1", "3");
            assertThat(actions.findValuesAsText("status")).containsOnly("kept");
        });
    }

    @Test
    void anEventMayHaveOneMebibyte() throws Exception {
        String head = "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"formFields\":{\"long\":\"";
        String largest = head + "x".repeat(LARGEST_EVENT - head.length() - 3) + "\"}}";
        assertThat(largest).hasSize(LARGEST_EVENT);
        for (int partition = 0; partition < 2; partition++) { // one of them is another team's
            producer.send(record(new Event("actions", "60/" + (1 + partition), OWN_TIME, largest), partition))
                    .get();
        }
        producer.send(record(
                new Event("periods", "60/1", OWN_TIME, "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}"), 0));
        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode actions = Rendered.json(
                    service.queries().askOwner(new Query.Actions(60, 1, new FormFieldSelection(List.of("long")))));
            assertThat(actions.get("actions")).hasSize(2);
            for (JsonNode action : actions.get("actions")) {
                assertThat(action.get("formFields").get("long").asText()).hasSize(LARGEST_EVENT - head.length() - 3);
            }
        });
    }

    @Test
    void garbageAmongTheApiKeysOpensNothingAndStopsNothing() throws Exception {
        NewApiKey bad = NewApiKey.generate();
        NewApiKey good = NewApiKey.generate();
        for (byte[] value :
                Arrays.asList(bytes("{"), new byte[0], bytes("{\"teamId\":-1,\"name\":\"x\"}"), bytes("null"))) {
            producer.send(new ProducerRecord<>(TOPICS.apiKeys(), bytes("no hash"), value))
                    .get();
            producer.send(new ProducerRecord<>(TOPICS.apiKeys(), bad.hash().toBytes(), value))
                    .get();
        }
        producer.send(new ProducerRecord<>(TOPICS.apiKeys(), new byte[0], null)).get();
        producer.send(
                new ProducerRecord<>(TOPICS.apiKeys(), good.hash().toBytes(), new ApiKey(7, "good", null).toJson()));

        await().atMost(TIMEOUT).until(() -> isOfTeam7(service.keys().authenticate(good.reveal())));
        assertThat(service.keys().authenticate(bad.reveal())).isNull();
        assertThat(service.isServing()).isTrue();
    }

    private static boolean isOfTeam7(@Nullable ApiKey key) {
        return key != null && key.teamId() == 7;
    }

    /** Every answer is whole, and its ids are good. */
    private int readUntil(AtomicBoolean done) {
        int answers = 0;
        while (!done.get()) {
            for (long team = 1; team <= 13; team++) {
                for (long period = 1; period <= 7; period++) {
                    if (service.queries().askOwner(new Query.Actions(team, period, null))
                            instanceof QueryResult.Found found) {
                        for (JsonNode action : Rendered.json(found).get("actions")) {
                            assertThat(action.get("periodActionId").asLong()).isPositive();
                            assertThat(action.get("periodId").asLong()).isEqualTo(period);
                        }
                        answers++;
                    }
                }
            }
        }
        return answers;
    }

    private static ProducerRecord<byte[], byte[]> record(Event event, int partition) {
        return new ProducerRecord<>(
                event.isPeriod() ? TOPICS.periods() : TOPICS.actions(),
                partition,
                event.timestamp(),
                bytes(event.key()),
                event.value() == null ? null : bytes(event.value()));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("max.request.size", 2 << 20);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
