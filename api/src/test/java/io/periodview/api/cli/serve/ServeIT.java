package io.periodview.api.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.cli.ApiReader;
import io.periodview.api.cli.CommandLineProcess;
import io.periodview.api.cli.Committed;
import io.periodview.api.cli.FreePorts;
import io.periodview.api.cli.InProcessCommandLine;
import io.periodview.api.cli.ViewCheck;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.TeamPartitioner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code period-view serve} as a supervisor starts and stops it. */
class ServeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What all the topics are named after, and the application. */
    private static final String PREFIX = "it.";

    private static final int PARTITIONS = 12;
    private static final int EVENTS = 3_000;

    @TempDir
    static Path directory;

    private static Broker broker;
    private static InProcessCommandLine commandLine;
    /** It looks for its broker for ten seconds while the other tests run. */
    private static CommandLineProcess withoutBroker;

    @TempDir
    Path temporary;

    @TempDir
    Path folder;

    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();

    @BeforeAll
    static void startBroker() throws Exception {
        withoutBroker = CommandLineProcess.start(
                directory,
                "serve",
                "--bootstrap-servers",
                "127.0.0.1:" + FreePorts.next(),
                "--state-dir",
                directory.resolve("nowhere").toString());
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        commandLine = new InProcessCommandLine(broker.bootstrapServers(), PREFIX);
        commandLine.result("topics", "--apply");
    }

    @AfterAll
    static void stopBroker() {
        withoutBroker.close();
        broker.close();
    }

    @Test
    void withoutABrokerItSaysWhereItLooked() throws Exception {
        assertThat(withoutBroker.awaitExit()).isEqualTo(1);
        assertThat(withoutBroker.err()).singleElement().asString().contains("No Kafka broker answers at 127.0.0.1:");
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void withoutTopicsItSaysHowToMakeThem() throws Exception {
        assertThat(failure("--topic-prefix", "nowhere."))
                .contains("nowhere.periods", "nowhere.dead-letters", "nowhere.period-view-rerouted")
                .contains("do not exist", "period-view topics --apply");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        for (int taken : new int[] {port, adminPort}) {
            try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
                assertThat(failure())
                        .contains(":" + taken + " cannot be listened on: Address already in use.")
                        .contains(taken == port ? "with --port." : "with --admin-port.");
                assertThat(other.isBound()).isTrue();
            }
        }
    }

    @Test
    void aStateDirectoryThatIsNoneIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(failure("--state-dir", file.resolve("state").toString()))
                .contains("The state directory " + file.resolve("state") + " cannot be used");
    }

    @Test
    void aStateDirectoryInUseIsNamedAndItsOwnerGoesOn() throws Exception {
        try (CommandLineProcess first = serve()) {
            awaitReady();
            assertThat(failure("--port", "" + FreePorts.next(), "--admin-port", "" + FreePorts.next()))
                    .contains("The state directory " + stateDir() + " is in use by another process", "--state-dir");
            assertThat(health("ready")).isEqualTo(200);
            first.signal("TERM");
            assertThat(first.awaitExit()).as("%s", first).isZero();
        }
    }

    @Test
    void anAddressThatLeadsToAnotherInstanceIsRefusedAndOneThatLeadsNowhereIsToldOf() throws Exception {
        try (CommandLineProcess first = serve()) {
            awaitReady();
            String[] ports = {"--port", "" + FreePorts.next(), "--admin-port", "" + FreePorts.next()};
            assertThat(failure(
                            ports[0],
                            ports[1],
                            ports[2],
                            ports[3],
                            "--advertise",
                            "127.0.0.1:" + port,
                            "--state-dir",
                            "x"))
                    .contains("Another instance of the service answers at 127.0.0.1:" + port, "--advertise");
            assertThat(health("ready")).isEqualTo(200);
            first.signal("TERM");
            assertThat(first.awaitExit()).as("%s", first).isZero();
        }
        for (String nowhere : List.of("no-such-host.invalid:80", "127.0.0.1:" + FreePorts.next())) {
            try (CommandLineProcess serve = serve("--advertise", nowhere)) {
                serve.awaitErr("Other instances cannot reach this one at " + nowhere);
                awaitReady();
            }
        }
    }

    @Test
    void whatIsAskedWhileItStopsIsAnsweredOrRefused() throws Exception {
        ApiReader reader =
                Objects.requireNonNull(commandLine.readers(port, List.of(77L)).get(77L));
        publish(Stream.of(new Event("periods", "77/1", 0, "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}")));
        try (CommandLineProcess serve = serve()) {
            await().atMost(PATIENCE).until(() -> health("live") == 200);
            // As long as it has not joined the others; afterwards it is too late to see.
            assertThat(health("ready")).isIn(503, 200);
            awaitReady();
            await().atMost(PATIENCE).until(() -> reader.status("/periods/1/actions") == 200);

            String body = reader.body("/periods");
            Map<Integer, String> answers = new ConcurrentHashMap<>();
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askUntilNobodyAnswers(reader, answers));
            await().atMost(PATIENCE).until(() -> !answers.isEmpty());
            serve.signal("TERM");
            assertThat(serve.awaitExit()).as("%s", serve).isZero();
            asking.join();
            assertThat(answers).containsEntry(200, body);
            assertThat(answers.keySet()).isSubsetOf(200, 503);
            assertThat(health("live")).isZero();
            assertThat(serve.err()).anyMatch(line -> line.contains("Stopping"));
            assertThat(serve.out()).isEmpty();
        }
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
        } catch (IOException nobody) {
            // as it should be in the end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatIsCommittedOutlivesAKill() throws Exception {
        long seed = new Random().nextLong();
        List<Event> mixed = history(seed, 0);
        List<Event> actionsFirst = history(seed, 10);
        List<Event> periodsFirst = history(seed, 20);
        ReferenceView reference = new ReferenceView();
        Stream.of(mixed, actionsFirst, periodsFirst).flatMap(List::stream).forEach(reference::apply);
        Map<Long, ApiReader> readers = commandLine.readers(port, reference.teamIds());
        ViewCheck check = new ViewCheck(reference, readers, RandomHistory.formFieldNames());

        IdLedger ids = new IdLedger();
        ViewCheck.Answers before;
        try (CommandLineProcess serve = serve()) {
            awaitReady();
            publish(mixed.stream());
            awaitCommitted(publish(Stream.concat(only(actionsFirst, false), only(periodsFirst, true))));
            awaitCommitted(publish(Stream.concat(only(actionsFirst, true), only(periodsFirst, false))));
            before = check(seed, check, ids);

            serve.signal("KILL");
            serve.awaitExit();
        }
        try (CommandLineProcess serve = serve()) {
            serve.awaitErr("was not closed in order, or long ago: it is restored anew");
            awaitReady();
            assertThat(check(seed, check, ids)).as("seed %d", seed).isEqualTo(before);
            serve.signal("INT");
            assertThat(serve.awaitExit()).as("%s", serve).isZero();
        }
        try (CommandLineProcess serve = serve()) {
            awaitReady();
            assertThat(check(seed, check, ids)).as("seed %d", seed).isEqualTo(before);
            assertThat(serve.err()).noneMatch(line -> line.contains("restored anew"));
        }
    }

    @Test
    void whatProducersShouldMendIsALineOfTheLogHoweverManyEventsItIs() throws Exception {
        int elsewhere = 1 + TeamPartitioner.partitionOf(88, PARTITIONS);
        try (CommandLineProcess serve = serve();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            awaitReady();
            for (int i = 1; i <= 1_000; i++) {
                byte[] key = ("88/" + i).getBytes(UTF_8);
                byte[] value = "{\"createdTime\":\"2024-07-01T00:00:00Z\"}".getBytes(UTF_8);
                producer.send(new ProducerRecord<>(PREFIX + "actions", elsewhere % PARTITIONS, key, value));
                producer.send(new ProducerRecord<>(PREFIX + "actions", key, new byte[0]));
            }
            producer.flush();
            String rerouted = serve.awaitErr("took an extra hop");
            assertThat(rerouted)
                    .containsPattern("INFO .*\\d+ events?, .*it\\.actions-" + elsewhere % PARTITIONS + "@\\d+,");
            String rejected = serve.awaitErr("could not be applied");
            assertThat(rejected).containsPattern("WARN .*\\d+ events?, .*it\\.actions-\\d+@\\d+ with empty-value,");
            serve.signal("TERM");
            assertThat(serve.awaitExit()).as("%s", serve).isZero();
            assertThat(serve.err())
                    .filteredOn(line -> line.contains("NoticeLog"))
                    .containsExactlyInAnyOrder(rerouted, rejected);
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
                    PREFIX + event.topic(),
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
        Committed.await(broker.bootstrapServers(), PREFIX + "period-view", last);
    }

    /** The one line of an instance that cannot start. */
    private String failure(String... options) throws IOException, InterruptedException {
        try (CommandLineProcess serve = serve(options)) {
            assertThat(serve.awaitExit()).as("%s", serve).isEqualTo(1);
            assertThat(serve.out()).isEmpty();
            assertThat(serve.err()).hasSize(1);
            return serve.err().get(0);
        }
    }

    /** What the options say wins over what every instance here has. */
    private CommandLineProcess serve(String... options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--bootstrap-servers", broker.bootstrapServers());
        all.put("--topic-prefix", PREFIX);
        all.put("--port", "" + port);
        all.put("--admin-port", "" + adminPort);
        all.put("--state-dir", stateDir().toString());
        all.put("--threads", "1");
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        List<String> arguments = new ArrayList<>(List.of("serve"));
        all.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        return CommandLineProcess.start(temporary, arguments.toArray(String[]::new));
    }

    private Path stateDir() {
        return folder.resolve("state");
    }

    private int health(String what) throws InterruptedException {
        return ApiReader.at(adminPort, null).status("/health/" + what);
    }

    private void awaitReady() {
        await().atMost(PATIENCE).until(() -> health("ready") == 200);
    }
}
