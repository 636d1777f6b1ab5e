package io.periodview.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.Query;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever size a record has, and however it was compressed: it is applied, or a dead letter, and others go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeRecordsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String APPLICATION = "large-records-it";
    private static final TopicNames TOPICS = new TopicNames("");
    private static final int PARTITIONS = 4;
    private static final int TEAMS = 20;
    private static final int LONGEST_KEY = 8;
    private static final int MIB = 1 << 20;
    private static final int MOST_RECORDS = Integer.getInteger("records", 40);

    @TempDir
    static Path directory;

    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private TestBroker broker;
    private PeriodViewService service;
    private Random random;
    private LargeRecordOutcomes outcomes;

    @BeforeAll
    void start() throws Exception {
        broker = TestBroker.inABox(directory.resolve("broker"));
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
            // Some operator's choice: even what does not compress may come in.
            for (String topic : List.of(TOPICS.periods(), TOPICS.actions())) {
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                Set.of(new AlterConfigOp(
                                        new ConfigEntry("max.message.bytes", "" + 32 * MIB),
                                        AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            }
        }
        service = PeriodViewService.start(
                new StreamsSettings(
                        APPLICATION, client(), directory.resolve("state"), new HostInfo("127.0.0.1", 1), 1, 0),
                EventTopics.of(TOPICS, APPLICATION, PARTITIONS),
                ServiceMetrics.NONE);
        await().atMost(TIMEOUT).until(service::isServing);
    }

    @BeforeEach
    void seed() {
        seed(new Random().nextLong());
    }

    private void seed(long seed) {
        random = new Random(seed);
        outcomes = new LargeRecordOutcomes(client(), TOPICS.deadLetters(), seed);
    }

    @AfterAll
    void stop() {
        producers.values().forEach(KafkaProducer::close);
        if (service != null) {
            service.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    /** As it came with zstd it is 2 MB; with the lz4 of a dead letter it would have five. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twelveMebibytesThatZstdMakesSmall(boolean inItsPartition) throws Exception {
        send("zstd", inItsPartition, key(), bits(12 * MIB));
        assertNothingStalls();
    }

    @ParameterizedTest
    @CsvSource({"none, true", "lz4, true", "lz4, false", "gzip, false"})
    void almostEightMebibytesOfNoise(String compression, boolean inItsPartition) throws Exception {
        byte[] key = key();
        send(compression, inItsPartition, key, noise(8 * MIB - 100_000));
        send(compression, inItsPartition, key(), noise(8 * MIB - key.length));
        send(compression, inItsPartition, key(), noise(8 * MIB));
        assertNothingStalls();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void headersAndKeysThatAloneAreGiants(boolean inItsPartition) throws Exception {
        byte[] action = action(200, 0);
        send("gzip", inItsPartition, key(), action, header(noise(7 * MIB)));
        send("gzip", inItsPartition, key(), null, header(noise(9 * MIB)));
        send("gzip", inItsPartition, key(), action, header(noise(5 * MIB)), header(noise(5 * MIB)));
        send("gzip", inItsPartition, noise(5 * MIB), action, header(noise(5 * MIB)));
        send("gzip", inItsPartition, noise(5 * MIB), action);
        send("gzip", inItsPartition, noise(9 * MIB), action);
        send("gzip", inItsPartition, noise(9 * MIB), bits(9 * MIB), header(noise(9 * MIB)));
        send("zstd", inItsPartition, key(), action, emptyHeaders(1_001));
        send("zstd", inItsPartition, key(), bits(2 * MIB), emptyHeaders(500_000));
        assertNothingStalls();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEventOfEveryLimitAtOnce(boolean inItsPartition) throws Exception {
        Header[] headers = emptyHeaders(1_000);
        headers[999] = header(noise(MIB - LONGEST_KEY - 1));
        send("none", inItsPartition, key(), action(MIB, 1), headers);
        send("lz4", inItsPartition, key(), action(MIB, 0), headers);
        // A name of which each character takes six bytes, twice, in the row.
        String name = "\\b".repeat((MIB - 60) / 2);
        byte[] period = ("{\"name\":\"" + name + "\",\"start_date\":\"2024-07-01T00:00Z\"}").getBytes(UTF_8);
        outcomes.expectPeriod(send(TOPICS.periods(), "none", inItsPartition, key(), period, headers));
        assertNothingStalls();
    }

    @Test
    void anySizes() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        seed(seed);
        List<String> compressions = List.of("none", "gzip", "snappy", "lz4", "zstd");
        try {
            for (int i = 0; i < MOST_RECORDS; i++) {
                byte[] key = random.nextInt(8) == 0 ? noise(around(random.nextInt(10) * MIB)) : key();
                Header[] headers = random.nextInt(3) == 0 ? headers(key) : new Header[0];
                send(
                        compressions.get(random.nextInt(compressions.size())),
                        random.nextBoolean(),
                        key,
                        value(key, headers),
                        headers);
            }
            assertNothingStalls();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private byte @Nullable [] value(byte[] key, Header[] headers) {
        int toTheTop = 8 * MIB - key.length - (int) LargeRecordOutcomes.size(headers);
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1, 2 -> action(around(MIB), random.nextInt(3));
            case 3 -> action(around(8 * MIB), random.nextInt(3));
            case 4 -> noise(Math.max(0, around(toTheTop)));
            case 5 -> bits(Math.max(0, around(toTheTop)));
            case 6 -> bits(12 * MIB);
            default -> action(random.nextInt(2 * MIB) + 100, random.nextInt(3));
        };
    }

    private Header[] headers(byte[] key) {
        if (random.nextInt(3) == 0) {
            return emptyHeaders(random.nextBoolean() ? around(1_000) : around(10_000));
        }
        int size = random.nextBoolean() ? MIB - key.length : 8 * MIB - key.length;
        return new Header[] {header(noise(Math.max(0, around(size - 1))))};
    }

    /** Often the number itself, or a neighbour. */
    private int around(int number) {
        return Math.max(0, number + (random.nextInt(3) == 0 ? random.nextInt(200) - 100 : random.nextInt(3) - 1));
    }

    private byte[] key() {
        return (1 + random.nextInt(TEAMS) + "/" + ids.incrementAndGet()).getBytes(UTF_8);
    }

    /** @param filling one letter again and again, or digits that compress a little, or text that compresses hardly */
    private byte[] action(int size, int filling) {
        byte[] value = new byte[Math.max(size, 100)];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (filling == 0 ? 'x' : filling == 1 ? '0' + random.nextInt(2) : '#' + random.nextInt(57));
        }
        put(value, 0, "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"formFields\":{\"long\":\"");
        put(value, value.length - 3, "\"}}");
        return value;
    }

    private static void put(byte[] value, int at, String text) {
        System.arraycopy(text.getBytes(ISO_8859_1), 0, value, at, text.length());
    }

    private byte[] bits(int size) {
        byte[] bits = new byte[size];
        for (int i = 0; i < size; i++) {
            bits[i] = (byte) ('0' + random.nextInt(2));
        }
        return bits;
    }

    private byte[] noise(int size) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        return noise;
    }

    private static Header header(byte[] value) {
        return new RecordHeader("h", value);
    }

    private static Header[] emptyHeaders(int count) {
        Header[] headers = new Header[count];
        for (int i = 0; i < count; i++) {
            headers[i] = new RecordHeader("", (byte[]) null);
        }
        return headers;
    }

    private void send(
            String compression, boolean inItsPartition, byte[] key, byte @Nullable [] value, Header... headers)
            throws Exception {
        outcomes.expectAction(send(TOPICS.actions(), compression, inItsPartition, key, value, headers));
    }

    private LargeRecordOutcomes.Sent send(
            String topic,
            String compression,
            boolean inItsPartition,
            byte[] key,
            byte @Nullable [] value,
            Header... headers)
            throws Exception {
        int home = TeamPartitioner.partitionOf(LargeRecordOutcomes.team(key), PARTITIONS);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                inItsPartition ? home : (home + 1) % PARTITIONS,
                1_700_000_000_123L,
                key,
                value,
                List.of(headers));
        return new LargeRecordOutcomes.Sent(
                record, producer(compression).send(record).get());
    }

    /** Whatever was sent is where it belongs, and a period that comes behind it shows in every team. */
    private void assertNothingStalls() throws Exception {
        byte[] period = "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}".getBytes(UTF_8);
        int last = ids.incrementAndGet();
        for (int team = 1; team <= TEAMS; team++) {
            byte[] key = (team + "/" + last).getBytes(UTF_8);
            outcomes.expectPeriod(send(TOPICS.periods(), "none", true, key, period));
        }
        outcomes.compare(
                team -> Rendered.json(service.queries().askOwner(new Query.Actions(team, last, null))),
                team -> Rendered.json(service.queries().askOwner(new Query.Periods(team, null, null))));
        assertThat(service.fatalError()).isNotDone();
    }

    private KafkaProducer<byte[], byte[]> producer(String compression) {
        return producers.computeIfAbsent(compression, type -> {
            Map<String, Object> settings = new HashMap<>(client());
            settings.put("max.request.size", 64 * MIB);
            settings.put("buffer.memory", 96L * MIB);
            settings.put("compression.type", type);
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        });
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
