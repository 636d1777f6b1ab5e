package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.cli.ApiReader;
import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.CommandLineWithBroker.Outcome;
import io.periodview.cli.CommandLineWithBroker;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.intake.Origin;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final int HOME = TeamPartitioner.partitionOf(7, PARTITIONS);
    private static final int AWAY = (HOME + 1) % PARTITIONS;
    /** When the events happened, and when the first was rejected. */
    private static final long THEN = 1_722_601_385_471L;

    private static final long REJECTED = 1_795_311_021_000L;
    private static final String BAD = "{\"createdTime\":\"yesterday\"}";
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path brokerDirectory;

    @TempDir
    Path files;

    private static CommandLineWithBroker commandLine;
    private static KafkaProducer<byte[], byte[]> producer;

    /** Every test has topics of its own. */
    private String prefix;

    private TopicNames topics;
    private int rejected;

    @BeforeAll
    static void startBroker() throws InterruptedException {
        commandLine = new CommandLineWithBroker(brokerDirectory);
        Map<String, Object> settings = new HashMap<>(commandLine.clientProperties());
        settings.put("max.request.size", 5_000_000);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        commandLine.close();
    }

    @BeforeEach
    void createTopics() {
        prefix = "test" + TESTS.incrementAndGet() + "-";
        topics = new TopicNames(prefix);
        assertThat(run("topics", "--apply", "--partitions", "" + PARTITIONS).status())
                .isZero();
    }

    // --- List --------------------------------------------------------------------------------------------------------

    @Test
    void theyAreListedByTheTimeOfRejection() {
        String first = reject(action(HOME, "7/1", 0, BAD), 0);
        String second = reject(action(AWAY, "8/1", 0, BAD), 2);
        String foreign = deadLetter(1, null, "\u001b[2J", new RecordHeaders());
        String third = reject(period("7/2", "x"), 0, Rejection.Code.MALFORMED_JSON);

        Outcome all = run("dead-letters");

        assertThat(all.status()).isZero();
        assertThat(all.err()).isEmpty();
        assertThat(places(all)).containsExactly(first, second, foreign, third);
        assertThat(all.out())
                .contains("    from     actions-" + HOME + "@0  " + TextLetterFormatter.time(THEN))
                .contains(foreign + "  written " + TextLetterFormatter.time(REJECTED + 2) + "  not by the service")
                .contains("\\x1b[2J")
                .doesNotContain("\u001b");
        assertThat(places(run("dead-letters", "--limit", "2"))).containsExactly(foreign, third);
        assertThat(places(run("dead-letters", "--limit", "0"))).isEmpty();
        assertThat(places(run("dead-letters", "--topic", "actions"))).containsExactly(first, second);
        assertThat(places(run("dead-letters", "--topic", "actions", "--limit", "1")))
                .containsExactly(second);
        assertThat(places(run("dead-letters", "--team", "7"))).containsExactly(first, third);
        assertThat(places(run("dead-letters", "--code", "malformed-json"))).containsExactly(third);
        assertThat(places(run("dead-letters", "--since", TextLetterFormatter.time(REJECTED + 2))))
                .containsExactly(foreign, third);
        assertThat(places(run("dead-letters", "--since", "1m"))).isEmpty();
        assertThat(run("dead-letters", "--json").out().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("{\"place\":\"dead-letters-") && line.endsWith("}"));
        assertThat(run("dead-letters", "--summary", "--team", "7").out().lines())
                .hasSize(3);
    }

    @Test
    void whatIsNotUnderstoodIsWrongUsage() {
        assertThat(run("dead-letters", "--topic", "incidents").err())
                .contains("'incidents' is neither periods nor actions");
        assertThat(run("dead-letters", "--code", "bad").err()).contains("'bad' is none of invalid-key, empty-value");
        for (String wrong : List.of(
                "dead-letters --limit -1",
                "dead-letters --since tomorrow",
                "dead-letters --summary --follow",
                "dead-letters replay",
                "dead-letters replay --all --team 7",
                "dead-letters replay dead-letters-0@1 --topic actions",
                "dead-letters replay actions-0@1")) {
            Outcome outcome = run(wrong.split(" "));
            assertThat(outcome.status()).as(wrong).isEqualTo(2);
            assertThat(outcome.out()).as(wrong).isEmpty();
        }
        assertThat(run("dead-letters", "replay").err())
                .contains("Say which dead letters are meant: by places", "--all");
    }

    @Test
    void followGoesOnUntilItIsStopped() throws Exception {
        reject(action(HOME, "7/1", 0, BAD), 0);
        String last = reject(action(HOME, "7/1", 1, BAD), 0);
        try (CommandLineProcess process = CommandLineProcess.start(
                files,
                "dead-letters",
                "--follow",
                "--limit",
                "1",
                "--bootstrap-servers",
                "" + commandLine.clientProperties().get("bootstrap.servers"),
                "--topic-prefix",
                prefix)) {
            process.awaitOut(last);
            String coming = reject(action(HOME, "7/2", 2, BAD), 1);
            process.awaitOut(coming);
            process.signal("TERM");

            assertThat(process.awaitExit()).as("%s", process).isZero();
            assertThat(process.out())
                    .filteredOn(line -> line.startsWith("dead-letters-"))
                    .hasSize(2);
            assertThat(process.err()).isEmpty();
        }
    }

    // --- Replay ------------------------------------------------------------------------------------------------------

    @Test
    void anEventIsSentOnceAsItWasReceived() {
        Headers own = new RecordHeaders().add("trace", new byte[] {1, -1}).add("__streams.errors.topic", bytes("mine"));
        Sent origin = action(AWAY, "7/1", 5, BAD, own);
        String place = reject(origin, 1);

        Outcome dry = run("dead-letters", "replay", "--all", "--dry-run");
        assertThat(dry.out()).contains("would be sent to actions-" + HOME).contains("1 would be sent, 0 overtaken");
        Outcome first = run("dead-letters", "replay", place);
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(first.out())
                .isEqualToNormalizingNewlines(place + "    7/1             sent to actions-" + HOME + "@0\n"
                        + "1 sent, 0 overtaken, 0 not replayable, 0 failed\n");
        Outcome second = run("dead-letters", "replay", place);
        assertThat(second.status()).isZero();
        assertThat(second.out()).contains("overtaken by actions-" + HOME + "@0").contains("0 sent, 1 overtaken");

        List<ConsumerRecord<byte[], byte[]>> sent = actions();
        assertThat(sent).hasSize(2).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(bytes("7/1"));
            assertThat(record.value()).isEqualTo(bytes(BAD));
            assertThat(record.timestamp()).isEqualTo(THEN + 5);
            assertThat(record.headers().toArray()).containsExactly(own.toArray());
        });
        assertThat(sent).extracting(ConsumerRecord::partition).contains(HOME, AWAY);
    }

    @Test
    void whatANewerEventHasOvertakenIsLeft() {
        String deleted = reject(action(HOME, "7/1", 0, BAD), 0);
        String changedElsewhere = reject(action(HOME, "7/2", 0, BAD), 0);
        String earlier = reject(action(HOME, "7/3", 0, BAD), 0);
        String later = reject(action(HOME, "7/3", 0, BAD + " "), 0);
        String older = reject(action(HOME, "7/4", 5, BAD), 0);
        String gone = reject(new Sent("actions", HOME, 1, THEN, "7/5", BAD, new RecordHeaders()), 0);
        action(HOME, "7/1", 0, null);
        action(AWAY, "7/2", 1, "{}");
        action(AWAY, "7/4", 4, "{}");

        Outcome replayed = run("dead-letters", "replay", "--team", "7");

        assertThat(replayed.status()).isZero();
        assertThat(replayed.out().lines().map(line -> line.replaceAll(" {2,}", " ")))
                .containsExactly(
                        deleted + " 7/1 overtaken by actions-" + HOME + "@5",
                        changedElsewhere + " 7/2 overtaken by actions-" + AWAY + "@0",
                        earlier + " 7/3 overtaken by actions-" + HOME + "@3 (" + later + ")",
                        later + " 7/3 sent to actions-" + HOME + "@6",
                        older + " 7/4 sent to actions-" + HOME + "@7",
                        gone + " 7/5 overtaken by one that is gone, too: actions-" + HOME
                                + "@1 was removed by compaction",
                        "2 sent, 4 overtaken, 0 not replayable, 0 failed");
        Outcome forced = run("dead-letters", "replay", "--force", later, earlier);
        assertThat(forced.out()).contains("2 sent");
        assertThat(actions().stream()
                        .filter(record -> record.offset() >= 8)
                        .map(record -> new String(record.value(), UTF_8)))
                .as("in their order")
                .containsExactly(BAD, BAD + " ");
    }

    @Test
    void aTransactionCountsOnlyWhenItIsCommitted() {
        String place = reject(action(HOME, "7/1", 0, BAD), 0);
        Map<String, Object> settings = new HashMap<>(commandLine.clientProperties());
        settings.put("transactional.id", prefix);
        try (KafkaProducer<byte[], byte[]> transactional =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(topics.actions(), HOME, THEN, bytes("7/1"), bytes("{}")));
            transactional.flush();
            transactional.abortTransaction();
            assertThat(run("dead-letters", "replay", place, "--dry-run").out()).contains("1 would be sent");

            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(topics.actions(), HOME, THEN, bytes("7/1"), bytes("{}")));
            transactional.commitTransaction();
            assertThat(run("dead-letters", "replay", place).out()).contains("0 sent, 1 overtaken");
        }
    }

    @Test
    void whatCannotBeSentIsSaidAndTheOthersAreSent() {
        String byHand = deadLetter(0, "7/1", BAD, new RecordHeaders());
        String foreign = reject(new Sent("orders", 0, 0, THEN, "7/1", BAD, new RecordHeaders()), 0);
        String good = reject(action(HOME, "7/2", 0, BAD), 0);

        Outcome all = run("dead-letters", "replay", "--all");
        assertThat(all.status()).isZero();
        assertThat(all.out())
                .contains("the service did not write it")
                .contains("it came from " + prefix + "orders, which is no topic of this service")
                .contains("1 sent, 0 overtaken, 2 not replayable, 0 failed");

        Outcome named = run("dead-letters", "replay", byHand, foreign, good, "dead-letters-0@99", "dead-letters-9@0");
        assertThat(named.status()).isEqualTo(1);
        assertThat(named.err())
                .isEqualToNormalizingNewlines("period-view: 4 could not be sent again; stdout says why.\n");
        assertThat(named.out())
                .containsPattern("dead-letters-0@99 .*failed: there is no dead letter here")
                .containsPattern("dead-letters-9@0 .*failed: there is no dead letter here")
                .contains("0 sent, 1 overtaken, 2 not replayable, 2 failed");
    }

    @Test
    void oneThatTheBrokerRefusesLeavesTheOthersAlone() throws Exception {
        reject(action(HOME, "7/1", 0, BAD), 0);
        String refused = reject(action(HOME, "7/2", -1_000_000, BAD), 0);
        String noise = new Random(1)
                .ints(1_500_000, ' ', 127)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String large = reject(action(HOME, "7/3", 0, noise), 0);
        String last = reject(action(HOME, "7/4", 0, BAD), 0);
        takeOnlyFrom(THEN);

        for (String force : List.of("--force=false", "--force")) {
            Outcome replayed = run("dead-letters", "replay", "--all", force);

            assertThat(replayed.status()).isEqualTo(1);
            assertThat(replayed.out())
                    .containsPattern(refused + " .*failed: .*imestamp.*Its time is 20.*message.timestamp.before.max.ms")
                    .containsPattern(large + " .*sent to actions-")
                    .containsPattern(last + " .*sent to actions-")
                    .contains("3 sent, 0 overtaken, 0 not replayable, 1 failed");
        }
    }

    /** Has the broker refuse actions with an earlier time. */
    private void takeOnlyFrom(long time) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, topics.actions());
        String age = Long.toString(System.currentTimeMillis() - time + 500_000);
        try (Admin admin = Admin.create(commandLine.clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.before.max.ms", age), OpType.SET))))
                    .all()
                    .get();
            await().until(() -> age.equals(admin.describeConfigs(List.of(topic))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get("message.timestamp.before.max.ms")
                    .value()));
        }
    }

    @Test
    void aMendedServiceShowsWhatIsSentAgain() throws Exception {
        // What an older service has read and rejected, though it is good.
        Sent origin = send(
                topics.periods(),
                AWAY,
                "7/1",
                0,
                "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}",
                new RecordHeaders());
        String place = reject(origin, 0);
        String applicationId = prefix + "period-view";
        try (Admin admin = Admin.create(commandLine.clientProperties())) {
            admin.alterConsumerGroupOffsets(
                            applicationId, Map.of(new TopicPartition(topics.periods(), AWAY), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
        String key =
                run("keys", "create", "--team", "7", "--name", "test").out().strip();
        try (Instance instance = Instance.open("127.0.0.1", 0, 0)) {
            instance.start(
                    topics,
                    new StreamsSettings(
                            applicationId,
                            commandLine.clientProperties(),
                            files.resolve("state"),
                            new HostInfo("127.0.0.1", instance.port()),
                            1,
                            0));
            ApiReader reader = ApiReader.at(instance.port(), key);
            await().atMost(PATIENCE).until(() -> reader.status("/periods") == 200);
            assertThat(reader.body("/periods")).isEqualTo("{\"periods\":[]}");

            // One that it rejects itself, and again.
            send(topics.actions(), AWAY, "7/9", 0, BAD, new RecordHeaders());
            await().atMost(PATIENCE).until(() -> places(run("dead-letters")).size() == 2);
            assertThat(run("dead-letters", "replay", "--code", "invalid-value").out())
                    .contains("2 sent, 0 overtaken");

            await().atMost(PATIENCE).until(() -> reader.body("/periods").contains("\"P\""));
            assertThat(reader.body("/periods")).contains("\"created_at\":\"" + TextLetterFormatter.time(THEN) + "\"");
            await().atMost(PATIENCE).until(() -> places(run("dead-letters")).size() == 3);
            assertThat(run("dead-letters", "replay", place).out()).contains("0 sent, 1 overtaken");
            // Rejected again, it can be sent again from where it is now, once more.
            assertThat(run("dead-letters", "replay", "--all", "--dry-run").out())
                    .contains("1 would be sent, 2 overtaken, 0 not replayable, 0 failed");
        }
    }

    // --- What is there -----------------------------------------------------------------------------------------------

    /** An event where it was received. */
    private record Sent(
            String topic,
            int partition,
            long offset,
            long timestamp,
            String key,
            @Nullable String value,
            Headers own) {}

    private Sent action(int partition, String key, long later, @Nullable String value) {
        return action(partition, key, later, value, new RecordHeaders());
    }

    private Sent action(int partition, String key, long later, @Nullable String value, Headers own) {
        return send(topics.actions(), partition, key, later, value, own);
    }

    private Sent period(String key, String value) {
        return send(topics.periods(), HOME, key, 0, value, new RecordHeaders());
    }

    private static Sent send(String topic, int partition, String key, long later, @Nullable String value, Headers own) {
        RecordMetadata at = acknowledged(new ProducerRecord<>(
                topic, partition, THEN + later, bytes(key), value == null ? null : bytes(value), own));
        return new Sent(topic, partition, at.offset(), THEN + later, key, value, own);
    }

    private String reject(Sent event, int partition) {
        return reject(event, partition, Rejection.Code.INVALID_VALUE);
    }

    /** Writes what the service would write. */
    private String reject(Sent event, int partition, Rejection.Code code) {
        String topic = event.topic.startsWith(prefix) ? event.topic : prefix + event.topic;
        Headers headers = new Origin(topic, event.partition, event.offset, event.timestamp)
                .rejected(event.own, new Rejection(code, "It is \"bad\""));
        return deadLetter(partition, event.key, event.value, headers);
    }

    /** Writes a record a millisecond after the one before. */
    private String deadLetter(int partition, @Nullable String key, @Nullable String value, Headers headers) {
        RecordMetadata at = acknowledged(new ProducerRecord<>(
                topics.deadLetters(),
                partition,
                REJECTED + rejected++,
                key == null ? null : bytes(key),
                value == null ? null : bytes(value),
                headers));
        return "dead-letters-" + at.partition() + "@" + at.offset();
    }

    private static RecordMetadata acknowledged(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> actions() {
        return commandLine.read(topics.actions(), PARTITIONS);
    }

    private static List<String> places(Outcome listed) {
        return listed.out()
                .lines()
                .filter(line -> line.startsWith("dead-letters-"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--topic-prefix", prefix));
        return commandLine.run(all.toArray(String[]::new));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
