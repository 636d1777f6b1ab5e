package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.sandbox.reference.Event;
import io.periodview.sandbox.reference.IdLedger;
import io.periodview.sandbox.reference.RandomHistory;
import io.periodview.sandbox.reference.ReferenceView;
import io.periodview.streams.view.Answer;
import io.periodview.streams.view.FormFields;
import io.periodview.streams.view.Result;
import io.periodview.topics.ApiKey;
import io.periodview.topics.EventKey;
import io.periodview.topics.NewApiKey;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever producers send, with a real broker: what is applied, and what comes out as a dead letter. */
class EventsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String APPLICATION = "events-it";
    private static final TopicNames TOPICS = new TopicNames("it.");
    private static final int PARTITIONS = 12;
    private static final int EVENTS = 1_500;
    private static final int LARGEST_EVENT = 1 << 20;
    private static final long OWN_TIME = 1_700_000_000_123L;

    @TempDir
    static Path directory;

    private static Broker broker;
    private static PeriodViewService service;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
        }
        producer = producer(Map.of());
        service = PeriodViewService.start(
                new StreamsSettings(
                        APPLICATION, client(), directory.resolve("state"), new HostInfo("127.0.0.1", 1), 1, 0),
                TOPICS,
                TopicNames.rerouted(APPLICATION),
                PARTITIONS);
        await().atMost(PATIENCE).until(service::isServing);
    }

    @AfterAll
    static void stop() {
        service.close();
        producer.close();
        broker.close();
    }

    /** What must come out as a dead letter. */
    private record Bad(ProducerRecord<byte[], byte[]> record, Future<RecordMetadata> sent, String code) {}

    @Test
    void aHistoryWithGarbageBetweenShowsAsTheReferenceAndTheGarbageIsInTheDeadLetters() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(seed);
        ReferenceView reference = new ReferenceView();
        List<Bad> garbage = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        long before = System.currentTimeMillis();
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> readUntil(done));
        for (int i = 0; i < EVENTS; i++) {
            Event event = history.next();
            Event elsewhere = forTeam(10 + event.teamId(), event);
            reference.apply(event);
            reference.apply(elsewhere);
            producer.send(record(event, TeamPartitioner.partitionOf(event.teamId(), PARTITIONS)));
            // By its whole key, as a producer does that knows nothing of teams: mostly a partition of other teams.
            producer.send(record(elsewhere, Math.floorMod(elsewhere.key().hashCode(), PARTITIONS)));
            if (i % 25 == 0) {
                garbage.add(sendGarbage(random, i / 25));
            }
        }
        producer.flush();
        await().atMost(PATIENCE).untilAsserted(() -> compare(seed, reference, new IdLedger()));
        compare(seed, reference, new IdLedger());
        assertThat(service.gaveUp()).isNotDone();
        done.set(true);
        assertThat(reading.join()).as("answers while the events came").isPositive();
        assertDeadLetters(garbage, before);
    }

    private static Bad sendGarbage(Random random, int number) {
        String team = Integer.toString(1 + random.nextInt(20));
        String good = team + "/" + (1 + random.nextInt(7));
        byte[] key = bytes(good);
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        noise[0] = (byte) 0xff;
        String action = "{\"createdTime\":\"2024-07-01T00:10:00Z\"";
        // In both topics the same: an event of the other topic is none either.
        return switch (number % 9) {
            case 0 -> bad(random, "invalid-key", bytes(team + "/0"), bytes(action + "}"));
            case 1 -> bad(random, "invalid-key", noise, null);
            case 2 -> bad(random, "invalid-key", bytes("0" + good), null);
            case 3 -> bad(random, "empty-value", key, new byte[0]);
            case 4 -> bad(random, "malformed-json", key, noise);
            case 5 -> bad(random, "malformed-json", key, bytes(action));
            case 6 -> bad(random, "missing-field", key, bytes("{\"name\":\"only a name\"}"));
            case 7 -> bad(random, "invalid-value", key, bytes("{\"createdTime\":1,\"start_date\":1,\"name\":\"\"}"));
            default -> bad(random, "too-large", key, new byte[LARGEST_EVENT + 1]);
        };
    }

    /** Sends it to any partition, with headers of its own. */
    private static Bad bad(Random random, String code, byte[] key, byte @Nullable [] value) {
        String topic = random.nextBoolean() ? TOPICS.periods() : TOPICS.actions();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                random.nextInt(PARTITIONS),
                OWN_TIME + random.nextInt(1_000),
                key,
                value,
                List.of(
                        new RecordHeader("trace", new byte[] {1, 2, (byte) 0xfe}),
                        new RecordHeader("period-view.topic", bytes("not ours")),
                        new RecordHeader("trace", null)));
        return new Bad(record, producer.send(record), code);
    }

    private static void assertDeadLetters(List<Bad> garbage, long notBefore) throws Exception {
        Map<String, Bad> expected = new LinkedHashMap<>();
        for (Bad bad : garbage) {
            RecordMetadata at = bad.sent().get();
            expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), bad);
        }
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = deadLetterConsumer()) {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
                for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(Duration.ofMillis(100))) {
                    if (from(letter) != null && expected.containsKey(from(letter))) {
                        assertThat(letters.put(from(letter), letter)).as("once").isNull();
                    }
                }
                return letters.size() == expected.size();
            });
            consumer.poll(Duration.ofMillis(100))
                    .forEach(letter -> assertThat(letters).doesNotContainKey(String.valueOf(from(letter))));
        }
        expected.forEach((at, bad) -> assertLetter(Objects.requireNonNull(letters.get(at)), bad, at, notBefore));
    }

    private static void assertLetter(ConsumerRecord<byte[], byte[]> letter, Bad bad, String at, long notBefore) {
        assertThat(letter.key()).as(at).isEqualTo(bad.record().key());
        assertThat(letter.value()).as(at).isEqualTo(bad.record().value());
        assertThat(letter.timestamp()).as(at).isBetween(notBefore, System.currentTimeMillis());
        Header[] own = bad.record().headers().toArray();
        Header[] all = letter.headers().toArray();
        assertThat(all).as(at).startsWith(own);
        Map<String, String> added = new LinkedHashMap<>();
        for (int i = own.length; i < all.length; i++) {
            added.put(all[i].key(), new String(all[i].value(), UTF_8));
        }
        assertThat(added).as(at).hasSize(all.length - own.length);
        assertThat(added.remove("__streams.errors.message")).as(at).isNotBlank().doesNotContain("\n");
        int dash = at.lastIndexOf('-');
        assertThat(added)
                .as(at)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "__streams.errors.exception", bad.code(),
                        "__streams.errors.topic", at.substring(0, dash),
                        "__streams.errors.partition", at.substring(dash + 1, at.indexOf('@', dash)),
                        "__streams.errors.offset", at.substring(at.indexOf('@', dash) + 1),
                        "period-view.timestamp", "" + bad.record().timestamp()));
    }

    private static @Nullable String from(ConsumerRecord<byte[], byte[]> letter) {
        Header topic = letter.headers().lastHeader("__streams.errors.topic");
        return new String(topic.value(), UTF_8)
                + "-"
                + new String(
                        letter.headers()
                                .lastHeader("__streams.errors.partition")
                                .value(),
                        UTF_8)
                + "@"
                + new String(
                        letter.headers().lastHeader("__streams.errors.offset").value(), UTF_8);
    }

    private static KafkaConsumer<byte[], byte[]> deadLetterConsumer() {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("isolation.level", "read_committed");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(TOPICS.deadLetters()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
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
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode actions = json(service.view().actions(50, 1, null));
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
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode actions = json(service.view().actions(60, 1, new FormFields(List.of("long"))));
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

        await().atMost(PATIENCE)
                .until(() -> service.keys().teamOf(good.reveal()).equals(OptionalLong.of(7)));
        assertThat(service.keys().teamOf(bad.reveal())).isEmpty();
        assertThat(service.isServing()).isTrue();
    }

    /** Every answer is whole, and its ids are good. */
    private static int readUntil(AtomicBoolean done) {
        int answers = 0;
        while (!done.get()) {
            for (long team = 1; team <= 13; team++) {
                for (long period = 1; period <= 7; period++) {
                    if (service.view().actions(team, period, null) instanceof Result.Found found) {
                        for (JsonNode action : json(found).get("actions")) {
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

    private static void compare(long seed, ReferenceView reference, IdLedger ids) {
        for (long team : reference.teamIds()) {
            assertThat(json(service.view().periods(team, null, null)))
                    .as("seed %d, team %d", seed, team)
                    .isEqualTo(reference.periods(team, null, null));
            for (long period : reference.periodIds(team)) {
                assertThat(ids.withoutIds(team, period, json(service.view().actions(team, period, null))))
                        .as("seed %d, team %d, period %d", seed, team, period)
                        .isEqualTo(reference.actions(team, period, null));
            }
        }
    }

    private static JsonNode json(Result result) {
        assertThat(result).isInstanceOf(Result.Found.class);
        try (Answer answer = ((Result.Found) result).answer()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            return ReferenceView.parse(body.toString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event forTeam(long team, Event event) {
        return new Event(event.topic(), new EventKey(team, event.id()).toString(), event.timestamp(), event.value());
    }

    private static ProducerRecord<byte[], byte[]> record(Event event, int partition) {
        return new ProducerRecord<>(
                event.isPeriod() ? TOPICS.periods() : TOPICS.actions(),
                partition,
                event.timestamp(),
                bytes(event.key()),
                event.value() == null ? null : bytes(event.value()));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("max.request.size", 2 << 20);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
