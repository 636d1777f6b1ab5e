package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.query.ReadOptions;
import io.periodview.streams.query.ReadSource;
import io.periodview.streams.response.ResponseBody;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All brokers are away: a sole instance answers what it has, marked as a standby's, and goes on with the state it has. */
class BrokersAwayIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String APPLICATION = "brokers-away-it";
    private static final TopicNames TOPICS = new TopicNames("");
    private static final long TEAM = 7;
    private static final Query ACTIONS = new Query.Actions(TEAM, 1, null);
    private static final Query NO_SUCH_PERIOD = new Query.Actions(TEAM, 2, null);

    private static final Map<String, Object> SHORT = Map.of(
            "consumer.session.timeout.ms", 6_000,
            "consumer.heartbeat.interval.ms", 500,
            "producer.max.block.ms", 2_000);

    /** Longer than max.block.ms and than brokers keep a transaction open. */
    private static final Duration LONG = Duration.ofSeconds(100);

    private static final int ACTIONS_OF_A_LONG_TEST = 1_000;

    @TempDir
    Path directory;

    private @Nullable Broker broker;
    private int actions;

    @AfterEach
    void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    /** Short enough for every build: an attempt to commit fails after two seconds instead of 75. */
    @Test
    void aSoleInstanceAnswersAndKeepsItsState() throws Exception {
        startBroker(Map.of());
        try (PeriodViewService service = start(SHORT)) {
            publishActions(1);
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == 1);
            awaitCommitted();
            Map<Path, Object> files = storeFiles();

            broker().kill();
            awaitCutOff(service); // by now an attempt has failed
            await().during(Duration.ofSeconds(4)).atMost(TIMEOUT).untilAsserted(() -> {
                QueryResult result = service.queries().askStandby(ACTIONS);
                assertThat(shown(result)).isEqualTo(1);
                assertThat(((QueryResult.Found) result).source()).isEqualTo(new ReadSource.Standby(0));
                assertThat(((QueryResult.Found) result).version()).isNull();
                assertThat(service.queries().askStandby(NO_SUCH_PERIOD))
                        .as("it may exist by now")
                        .isInstanceOf(QueryResult.NotHosted.class);
            });
            assertThat(service.queries().askOwner(ACTIONS, atLeast(0))).isInstanceOf(QueryResult.NotHosted.class);

            broker = broker().startAgain();
            publishActions(1);
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == 2);
            assertThat(storeFiles()).as("those from before").isEqualTo(files);
            assertThat(service.fatalError()).isNotDone();
        }
    }

    /** What was in flight is aborted by the brokers, and applied again. */
    @Test
    @Tag("slow")
    void aTransactionThatTimedOutMeanwhileCostsNoState() throws Exception {
        startBroker(Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
        Map<String, Object> settings = new HashMap<>(SHORT);
        settings.put("producer.transaction.timeout.ms", 2_000);
        try (PeriodViewService service = start(settings)) {
            publishActions(1);
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == 1);
            Map<Path, Object> files = storeFiles();

            publishActions(200);
            broker().kill();
            awaitCutOff(service);
            broker = broker().startAgain();
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == 201);
            publishActions(1);
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == 202);
            assertThat(storeFiles()).as("those from before").isEqualTo(files);
            assertThat(service.fatalError()).isNotDone();
        }
    }

    /** With the service's own settings; prints what readers saw. */
    @Test
    @Tag("slow")
    void brokersThatAreAwayForLongerThanEveryTimeout() throws Exception {
        startBroker(Map.of());
        try (PeriodViewService service = start(Map.of())) {
            publishActions(ACTIONS_OF_A_LONG_TEST);
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == ACTIONS_OF_A_LONG_TEST);
            awaitCommitted();
            Map<Path, Object> files = storeFiles();

            broker().kill();
            long killed = System.nanoTime();
            awaitCutOff(service);
            long cutOff = System.nanoTime();
            await().during(LONG.minusNanos(cutOff - killed))
                    .atMost(LONG)
                    .until(() -> shown(service.queries().askStandby(ACTIONS)) == ACTIONS_OF_A_LONG_TEST);
            broker = broker().startAgain();
            long started = System.nanoTime();
            await().atMost(TIMEOUT).until(() -> shown(service.queries().askOwner(ACTIONS)) == ACTIONS_OF_A_LONG_TEST);
            long owner = System.nanoTime();
            publishActions(1);
            await().atMost(TIMEOUT)
                    .until(() -> shown(service.queries().askOwner(ACTIONS)) == ACTIONS_OF_A_LONG_TEST + 1);
            System.err.printf(
                    "brokers away for %d s: answered as owner for %.1f s, then as standby; as owner again %.1f s after"
                            + " the broker, state kept: %b%n",
                    Duration.ofNanos(started - killed).toSeconds(),
                    (cutOff - killed) / 1e9,
                    (owner - started) / 1e9,
                    storeFiles().equals(files));
            assertThat(storeFiles()).as("those from before").isEqualTo(files);
        }
    }

    private static void awaitCutOff(PeriodViewService service) {
        await().atMost(TIMEOUT).until(() -> service.queries().askOwner(ACTIONS) instanceof QueryResult.NotHosted);
    }

    private static ReadOptions atLeast(long offset) {
        return new ReadOptions(false, Map.of(TOPICS.actions(), offset), Duration.ZERO, Set.of(), false);
    }

    private void startBroker(Map<String, String> settings) throws Exception {
        BrokerOptions options = BrokerOptions.in(directory.resolve("broker"));
        for (Map.Entry<String, String> each : settings.entrySet()) {
            options = options.withSetting(each.getKey(), each.getValue());
        }
        broker = Broker.start(options);
        try (Admin admin = Admin.create(client());
                KafkaProducer<String, String> producer = producer()) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(1), OptionalInt.empty())));
            producer.send(new ProducerRecord<>(
                            TOPICS.periods(), TEAM + "/1", "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}"))
                    .get();
        }
    }

    private Broker broker() {
        return Objects.requireNonNull(broker);
    }

    private PeriodViewService start(Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new HashMap<>(client());
        settings.putAll(more);
        return PeriodViewService.start(
                new StreamsSettings(
                        APPLICATION, settings, directory.resolve("state"), new HostInfo("127.0.0.1", 1), 1, 0),
                EventTopics.of(TOPICS, APPLICATION, 1),
                ServiceMetrics.NONE);
    }

    /** How many actions an answer has; -1 if it is none. */
    private static int shown(QueryResult result) throws IOException {
        if (result instanceof QueryResult.Found found) {
            try (ResponseBody answer = found.body()) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                answer.writeTo(body);
                return body.toString(UTF_8).split("\"actionId\"", -1).length - 1;
            }
        }
        return -1;
    }

    /** The files that RocksDB makes once for a store, however they are told apart. */
    private Map<Path, Object> storeFiles() throws IOException {
        Map<Path, Object> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory.resolve("state").resolve(APPLICATION))) {
            for (Path file : files.filter(each -> each.endsWith("IDENTITY")).toList()) {
                found.put(
                        file,
                        Files.readAttributes(file, BasicFileAttributes.class).fileKey());
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    /** Nothing is in flight: what the service does next is a commit without events. */
    private void awaitCommitted() {
        try (Admin admin = Admin.create(client())) {
            await().atMost(TIMEOUT).until(() -> {
                OffsetAndMetadata committed = admin.listConsumerGroupOffsets(APPLICATION)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(new TopicPartition(TOPICS.actions(), 0));
                return committed != null && committed.offset() >= actions;
            });
        }
    }

    private void publishActions(int count) throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int i = 0; i < count; i++) {
                actions++;
                producer.send(new ProducerRecord<>(
                        TOPICS.actions(), TEAM + "/" + actions, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}"));
            }
            producer.flush();
        }
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer());
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker().bootstrapServers());
    }
}
