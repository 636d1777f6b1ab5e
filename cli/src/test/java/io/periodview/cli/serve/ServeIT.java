package io.periodview.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.ApiReader;
import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.Committed;
import io.periodview.cli.FreePorts;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.cli.ViewCheck;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code period-view serve} as a supervisor starts and stops it: one instance, from its first start to its last stop. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 12;
    private static final int EVENTS = 3_000;
    /** The least that brokers accept: after a kill that long passes before the next start can take over. */
    private static final String SHORT_SESSION = "consumer.session.timeout.ms=6000";

    private static final String DISCARDED = "discarding it and restoring from Kafka";

    @TempDir
    static Path directory;

    private static CommandLineWithBroker broker;
    private static TopicNames topics;
    private static InProcessCommandLine commandLine;
    private static InstanceProcess instance;

    @BeforeAll
    static void createTopics() {
        broker = new CommandLineWithBroker();
        topics = broker.topics();
        commandLine = broker.commandLine();
        commandLine.result("topics", "--apply");
        List<String> options = new ArrayList<>(broker.serveOptions());
        options.addAll(List.of("--kafka", SHORT_SESSION));
        instance = new InstanceProcess("instance", directory, options);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    @Order(1)
    void committedStateSurvivesAKillAndAStop() throws Exception {
        long seed = new Random().nextLong();
        List<Event> mixed = history(seed, 0);
        List<Event> actionsFirst = history(seed, 10);
        List<Event> periodsFirst = history(seed, 20);
        ReferenceView reference = new ReferenceView();
        Stream.of(mixed, actionsFirst, periodsFirst).flatMap(List::stream).forEach(reference::apply);
        Map<Long, ApiReader> readers = commandLine.readers(instance.port(), reference.teamIds());
        ViewCheck check = new ViewCheck(reference, readers, RandomHistory.formFieldNames());
        IdLedger ids = new IdLedger();

        instance.start();
        await().atMost(TIMEOUT).until(() -> instance.health("live") == 200);
        // Unready until it has joined the group; afterwards it is too late to see.
        assertThat(instance.health("ready")).isIn(503, 200);
        instance.awaitReady();
        publish(mixed.stream());
        awaitCommitted(publish(Stream.concat(only(actionsFirst, false), only(periodsFirst, true))));
        awaitCommitted(publish(Stream.concat(only(actionsFirst, true), only(periodsFirst, false))));
        ViewCheck.Answers before = check(seed, check, ids);
        instance.signal("KILL");
        instance.process().awaitExit();

        CommandLineProcess restored = instance.start();
        instance.awaitReady();
        assertThat(check(seed, check, ids)).as("seed %d", seed).isEqualTo(before);
        assertThat(restored.err()).as("the local state is used").noneMatch(line -> line.contains(DISCARDED));
        instance.signal("INT");
        assertThat(restored.awaitExit()).as("%s", restored).isZero();

        String nowhere = "127.0.0.1:" + FreePorts.next();
        CommandLineProcess reopened = instance.start("--advertise", nowhere);
        reopened.awaitErr("Other instances cannot reach this one at " + nowhere);
        instance.awaitReady();
        assertThat(check(seed, check, ids)).as("seed %d", seed).isEqualTo(before);
        assertThat(reopened.err()).noneMatch(line -> line.contains(DISCARDED));
    }

    @Test
    @Order(2)
    void producersMistakesAreOneLogLineHoweverManyEvents() throws Exception {
        int elsewhere = (1 + TeamPartitioner.partitionOf(88, PARTITIONS)) % PARTITIONS;
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 1; i <= 1_000; i++) {
                byte[] key = ("88/" + i).getBytes(UTF_8);
                byte[] value = "{\"createdTime\":\"2024-07-01T00:00:00Z\"}".getBytes(UTF_8);
                producer.send(new ProducerRecord<>(topics.actions(), elsewhere, key, value));
                producer.send(new ProducerRecord<>(topics.actions(), key, new byte[0]));
            }
        }
        CommandLineProcess serve = instance.process();
        String actions = Pattern.quote(topics.actions());
        assertThat(serve.awaitErr("took an extra hop"))
                .containsPattern("INFO .*\\d+ events?, .*" + actions + "-" + elsewhere + "@\\d+,");
        assertThat(serve.awaitErr("could not be applied"))
                .containsPattern("WARN .*\\d+ events?, .*" + actions + "-\\d+@\\d+ with empty-value,");
    }

    @Test
    @Order(3)
    void requestsDuringAStopAreAnsweredOrRefused() throws Exception {
        ApiReader reader = Objects.requireNonNull(
                commandLine.readers(instance.port(), List.of(77L)).get(77L));
        publish(Stream.of(new Event("periods", "77/1", 0, "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}")));
        await().atMost(TIMEOUT).until(() -> reader.status("/periods/1/actions") == 200);
        String body = reader.body("/periods");
        Map<Integer, String> answers = new ConcurrentHashMap<>();
        CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askUntilNobodyAnswers(reader, answers));
        await().atMost(TIMEOUT).until(() -> !answers.isEmpty());

        CommandLineProcess serve = instance.process();
        serve.signal("TERM");
        assertThat(serve.awaitExit()).as("%s", serve).isZero();
        asking.join();

        assertThat(answers).containsEntry(200, body);
        assertThat(answers.keySet()).isSubsetOf(200, 503);
        assertThat(instance.health("live")).isZero();
        assertThat(serve.err()).anyMatch(line -> line.contains("Stopping"));
        assertThat(serve.out()).isEmpty();
        assertThat(serve.err())
                .as("one line each, in the whole run")
                .filteredOn(line -> line.contains("took an extra hop") || line.contains("could not be applied"))
                .hasSize(2);
    }

    private static void askUntilNobodyAnswers(ApiReader reader, Map<Integer, String> answers) {
        try {
            while (true) {
                HttpResponse<String> answer = reader.get("/periods");
                answers.merge(
                        answer.statusCode(),
                        answer.body(),
                        (before, now) -> before.equals(now) ? now : before + "\n" + now);
            }
        } catch (IOException stopped) {
            // expected in the end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same history for the teams from a number on. */
    private static List<Event> history(long seed, long firstTeam) {
        RandomHistory history = new RandomHistory(seed);
        return Stream.generate(history::next)
                .limit(EVENTS / 3)
                .map(event -> new Event(
                        event.topic(),
                        (firstTeam + event.teamId()) + "/" + event.id(),
                        event.timestamp(),
                        event.value()))
                .toList();
    }

    private static Stream<Event> only(List<Event> history, boolean periods) {
        return history.stream().filter(event -> event.isPeriod() == periods);
    }

    private static ViewCheck.Answers check(long seed, ViewCheck check, IdLedger ids) throws Exception {
        try {
            ViewCheck.Answers answers = check.compare(ids);
            assertThat(answers.periodActions()).isPositive();
            return answers;
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** Sends events to their team's partition and returns the last offset of each. */
    private static Map<TopicPartition, Long> publish(Stream<Event> events) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            events.forEach(event -> sent.add(producer.send(new ProducerRecord<>(
                    topics.prefix() + event.topic(),
                    null,
                    event.timestamp(),
                    event.key().getBytes(UTF_8),
                    event.value() == null ? null : event.value().getBytes(UTF_8)))));
        }
        Map<TopicPartition, Long> last = new HashMap<>();
        for (Future<RecordMetadata> record : sent) {
            RecordMetadata at = record.get();
            last.merge(new TopicPartition(at.topic(), at.partition()), at.offset(), Math::max);
        }
        return last;
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.PARTITIONER_CLASS_CONFIG,
                TeamPartitioner.class);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void awaitCommitted(Map<TopicPartition, Long> last) {
        Committed.await(broker.bootstrapServers(), topics.prefix() + "period-view", last);
    }
}
