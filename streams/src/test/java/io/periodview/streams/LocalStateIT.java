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
import io.periodview.streams.response.ResponseBody;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the files of an instance between two runs: it serves what it served before, or says not yet. */
class LocalStateIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String APPLICATION = "local-state-it";
    private static final TopicNames TOPICS = new TopicNames("");
    private static final int PARTITIONS = 2;
    /** One of each partition. */
    private static final List<Long> TEAMS = List.of(teamOf(0), teamOf(1));
    /** Another for each start: stores of equal memory share a cache, which may have a damaged block from before. */
    private static final AtomicLong MEMORY = new AtomicLong(64 << 20);

    /** Some blocks of RocksDB. */
    private static final int ACTIONS = 300;

    @TempDir
    static Path directory;

    private static Broker broker;

    /** What a run left that was closed cleanly, and what it answered. */
    private static Path closed = Path.of("");

    private static List<String> before = List.of();

    @TempDir
    Path folder;

    private @Nullable PeriodViewService service;

    private static long teamOf(int partition) {
        long team = 1;
        while (TeamPartitioner.partitionOf(team, PARTITIONS) != partition) {
            team++;
        }
        return team;
    }

    @BeforeAll
    static void runOnce() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
        }
        try (KafkaProducer<String, String> producer = producer()) {
            for (long team : TEAMS) {
                send(
                        producer,
                        TOPICS.periods(),
                        team + "/1",
                        "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}");
                for (int i = 1; i <= ACTIONS; i++) {
                    send(producer, TOPICS.actions(), team + "/" + i, action(i));
                }
            }
        }
        closed = directory.resolve("closed");
        try (PeriodViewService service = start(closed)) {
            await().atMost(TIMEOUT).untilAsserted(() -> {
                before = List.of(answer(service, TEAMS.get(0)), answer(service, TEAMS.get(1)));
                assertThat(before).allMatch(body -> body.contains("\"actionId\":" + ACTIONS + ","));
            });
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void copyState() throws IOException {
        try (Stream<Path> files = Files.walk(closed)) {
            for (Path file : files.toList()) {
                Files.copy(file, stateDir().resolve(closed.relativize(file).toString()));
            }
        }
    }

    @AfterEach
    void stop() {
        if (service != null) {
            assertThat(service.fatalError()).isNotDone();
            service.close();
            service = null;
        }
    }

    @Test
    void aStoreWithoutItsManifestIsQuarantinedAndRestored() throws Exception {
        for (Path manifest : files("MANIFEST-")) {
            Files.delete(manifest);
        }
        start();
        awaitAsBefore();
        assertThat(quarantined()).as("the latest of both").hasSize(1).isSubsetOf("0_0", "0_1");
    }

    @Test
    void aTruncatedStoreIsQuarantinedAndTheOtherOneIsNot() throws Exception {
        Path table = files(".sst").get(0);
        truncate(table, Files.size(table) / 2);
        start();
        awaitAsBefore();
        assertThat(quarantined()).containsExactly(taskOf(table));
    }

    @Test
    void aFileInPlaceOfATaskDirectoryIsQuarantined() throws Exception {
        Path task = stateDir().resolve(APPLICATION).resolve("0_1");
        Utils.delete(task.toFile());
        Files.writeString(task, "none of ours");
        start();
        awaitAsBefore();
        assertThat(quarantined()).containsExactly("0_1");
    }

    @Test
    void filesBesideTheStoresMayBeGarbage() throws Exception {
        byte[] garbage = {(byte) 0xff, 0, '{'};
        for (Path timestamp : files("flushed-at")) {
            Files.write(timestamp, garbage);
        }
        Files.write(stateDir().resolve(APPLICATION).resolve("kafka-streams-process-metadata"), garbage);
        Files.write(stateDir().resolve(APPLICATION).resolve(".lock"), garbage);
        start();
        awaitAsBefore();
    }

    /** The changelog may have forgotten deletions since. */
    @Test
    void stateThatWasNotFlushedForDaysIsDiscardedAndRestored() throws Exception {
        for (Path timestamp : files("flushed-at")) {
            String changelog = Files.readAllLines(timestamp).get(1);
            Files.writeString(timestamp, Instant.now().minus(Duration.ofDays(4)) + "\n" + changelog + "\n");
        }
        for (Path manifest : files("MANIFEST-")) {
            Files.delete(manifest); // who opens this, quarantines it
        }
        start();
        awaitAsBefore();
        assertThat(quarantined()).isEmpty();
        for (Path timestamp : files("flushed-at")) {
            assertThat(Instant.parse(Files.readAllLines(timestamp).get(0)))
                    .isAfter(Instant.now().minusSeconds(600));
        }
    }

    /** The store opens, since nobody looks at every block: the first to know is a reader, and no event comes. */
    @Test
    void rowsThatAReaderCannotReadAreNotAnsweredUntilTheyAreRestored() throws Exception {
        damageBlocks(0.5); // where the actions are
        start();
        await().atMost(TIMEOUT).until(() -> isServing());
        awaitAsBefore();
        assertThat(quarantined()).isNotEmpty();
    }

    /** What the damage interrupts is applied again: what came of it before must not be committed without its offsets. */
    @Test
    void rowsThatTheWriterCannotReadAreRestoredAndEventsAppliedOnce() throws Exception {
        damageBlocks(0); // where it says which actions there are
        start();
        await().atMost(TIMEOUT).until(() -> isServing());
        List<Future<RecordMetadata>> bad = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (long team : TEAMS) {
                for (int i = 1; i <= 10; i++) {
                    bad.add(send(producer, TOPICS.actions(), team + "/" + i, "no event"));
                }
                for (int i = 1; i <= ACTIONS; i++) {
                    send(producer, TOPICS.actions(), team + "/" + i, action(i)); // as they were
                }
            }
        }
        await().atMost(TIMEOUT).until(() -> !quarantined().isEmpty());
        awaitAsBefore();
        List<String> origins = new ArrayList<>();
        for (Future<RecordMetadata> at : bad) {
            origins.add(at.get().topic() + "-" + at.get().partition() + "@"
                    + at.get().offset());
        }
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(committedDeadLetters()).containsExactlyInAnyOrderElementsOf(origins));
    }

    private void start() throws IOException {
        service = start(stateDir());
    }

    private static PeriodViewService start(Path stateDir) throws IOException {
        return PeriodViewService.start(
                new StreamsSettings(
                        APPLICATION, client(), stateDir, new HostInfo("127.0.0.1", 1), 1, 0, MEMORY.incrementAndGet()),
                EventTopics.of(TOPICS, APPLICATION, PARTITIONS),
                ServiceMetrics.NONE);
    }

    private Path stateDir() {
        return folder.resolve("state");
    }

    /** Every answer until then is none, or the one from before; never a part of it. */
    private void awaitAsBefore() {
        for (int i = 0; i < 2; i++) {
            int team = i;
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).until(() -> {
                String now = answer(running(), TEAMS.get(team));
                assertThat(now).isIn(before.get(team), NOT_READY);
                return now.equals(before.get(team));
            });
        }
    }

    private static final String NOT_READY = "not ready";

    private static String answer(PeriodViewService service, long team) throws IOException {
        QueryResult result = service.queries().askOwner(new Query.Actions(team, 1, null));
        if (result instanceof QueryResult.Found found) {
            try (ResponseBody answer = found.body()) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                answer.writeTo(body);
                return body.toString(UTF_8);
            }
        }
        return result instanceof QueryResult.NotHosted ? NOT_READY : result.toString();
    }

    private boolean isServing() {
        return running().isServing();
    }

    private PeriodViewService running() {
        if (service == null) {
            throw new IllegalStateException("Not started");
        }
        return service;
    }

    private Set<String> quarantined() throws IOException {
        Path folder = stateDir().resolve(APPLICATION + ".unreadable");
        Set<String> names = new TreeSet<>();
        if (Files.exists(folder)) {
            try (Stream<Path> tasks = Files.list(folder)) {
                tasks.forEach(task -> names.add(task.getFileName().toString()));
            }
        }
        return names;
    }

    private String taskOf(Path file) {
        return stateDir().resolve(APPLICATION).relativize(file).getName(0).toString();
    }

    private List<Path> files(String part) throws IOException {
        List<Path> found = filesIfAny(part);
        assertThat(found).isNotEmpty();
        return found;
    }

    private List<Path> filesIfAny(String part) throws IOException {
        try (Stream<Path> files = Files.walk(stateDir().resolve(APPLICATION))) {
            return new ArrayList<>(
                    files.filter(file -> file.getFileName().toString().contains(part))
                            .toList());
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        }
    }

    /** What RocksDB reads when it opens a table is at its end. */
    private void damageBlocks(double where) throws IOException {
        for (Path table : files(".sst")) {
            if (Files.size(table) > 20_000) { // the others have offsets
                try (RandomAccessFile open = new RandomAccessFile(table.toFile(), "rw")) {
                    open.seek((long) (open.length() * where));
                    open.write(new byte[64]);
                }
            }
        }
    }

    /** Its status does not compress well. */
    private static String action(int number) {
        byte[] noise = new byte[300];
        new Random(number).nextBytes(noise);
        return "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"status\":\""
                + Base64.getEncoder().encodeToString(noise) + "\"}";
    }

    private static List<String> committedDeadLetters() {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("isolation.level", "read_committed");
        List<String> origins = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPICS.deadLetters()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> origins.add(origin(letter)));
            }
        }
        return origins;
    }

    private static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "topic") + "-" + header(letter, "partition") + "@" + header(letter, "offset");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(
                letter.headers().lastHeader("__streams.errors." + name).value(), UTF_8);
    }

    private static Future<RecordMetadata> send(
            KafkaProducer<String, String> producer, String topic, String key, String value) {
        long team = Long.parseLong(key.substring(0, key.indexOf('/')));
        return producer.send(new ProducerRecord<>(topic, TeamPartitioner.partitionOf(team, PARTITIONS), key, value));
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer());
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
