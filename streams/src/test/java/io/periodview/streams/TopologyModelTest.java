package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.ResponseBody;
import io.periodview.testkit.Event;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology as it is wired, with RocksDB, without a broker. */
class TopologyModelTest {

    private static final int STEPS = Integer.getInteger("steps", 3_000);
    private static final int PARTITIONS = 12;
    /** Lives in another partition than the one that the driver reads everything from. */
    private static final long ELSEWHERE = teamOf(false);

    private static final long HERE = teamOf(true);
    private static final TopicNames TOPICS = new TopicNames("test.");
    private static final String REROUTED = "app-rerouted";
    private static final Instant OWN_TIME = Instant.parse("2020-02-02T02:02:02Z");
    private static final String PERIOD = "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}";
    private static final String ACTION = "{\"createdTime\":\"2024-07-02T00:00:00Z\"}";

    private final AtomicLong now = new AtomicLong();
    private final ThrottledEventLog eventLog = new ThrottledEventLog(now::get);
    private final CountingMetrics metrics = new CountingMetrics();

    @TempDir
    private Path folder;

    @Test
    void showsWhatTheReferenceShowsAfterEveryEvent() throws Exception {
        long seed = new Random().nextLong();
        try (TopologyTestDriver driver = driver(1)) {
            TestInputTopic<byte[], byte[]> periods = input(driver, TOPICS.periods());
            TestInputTopic<byte[], byte[]> actions = input(driver, TOPICS.actions());
            new ModelCheck(seed, reader(driver))
                    .run(STEPS, event -> (event.isPeriod() ? periods : actions).pipeInput(record(event)));
            assertThat(deadLetters(driver).isEmpty()).isTrue();
            assertThat(rerouted(driver).isEmpty()).isTrue();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void anEventOfAnotherPartitionIsReroutedAndThenApplied() throws Exception {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            input(driver, TOPICS.periods()).pipeInput(record(ELSEWHERE + "/1", PERIOD));
            input(driver, TOPICS.actions()).pipeInput(record(ELSEWHERE + "/2", ACTION));

            List<TestRecord<byte[], byte[]>> records = rerouted(driver).readRecordsToList();
            assertThat(records).hasSize(2);
            assertThat(headers(records.get(1)))
                    .containsExactly(
                            Map.entry("own", "1"),
                            Map.entry("period-view.topic", TOPICS.actions()),
                            Map.entry("period-view.partition", "0"),
                            Map.entry("period-view.offset", "0"),
                            Map.entry("period-view.timestamp", "" + OWN_TIME.toEpochMilli()));
            // The driver brings what goes to a topic that the topology reads back to it.
            assertThat(json(driver, ELSEWHERE)).contains("\"actionId\":2");
            assertThat(deadLetters(driver).isEmpty()).isTrue();
        }
    }

    @Test
    void aReroutedPeriodHasTheTimeOfItsOwnRecord() throws Exception {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            input(driver, TOPICS.periods()).pipeInput(record(ELSEWHERE + "/1", PERIOD));
            try (var answer = reader(driver).periods(ELSEWHERE, null, null)) {
                assertThat(answer.rows()).isEqualTo(1);
                assertThat(text(answer)).contains("\"created_at\":\"2020-02-02T02:02:02.000Z\"");
            }
        }
    }

    @Test
    void aBadEventIsADeadLetterAsItCame() {
        byte[] value = {'{', (byte) 0xff, '}'};
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            TestInputTopic<byte[], byte[]> actions = input(driver, TOPICS.actions());
            actions.pipeInput(record(HERE + "/1", ACTION));
            Instant before = Instant.now();
            actions.pipeInput(new TestRecord<>((HERE + "/7").getBytes(UTF_8), value, own(), OWN_TIME));

            TestRecord<byte[], byte[]> letter = deadLetters(driver).readRecord();
            assertThat(letter.key()).isEqualTo((HERE + "/7").getBytes(UTF_8));
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.getRecordTime()).isAfterOrEqualTo(before.minusSeconds(60));
            assertRejected(letter, "malformed-json", TOPICS.actions(), 1);
        }
    }

    @Test
    void aBadEventOfAnotherPartitionIsReportedWhereItArrived() {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            // The first one stays, so that offsets are others in the rerouted topic.
            input(driver, TOPICS.actions()).pipeInput(record(HERE + "/1", ACTION));
            input(driver, TOPICS.actions()).pipeInput(record(ELSEWHERE + "/1", ACTION));
            input(driver, TOPICS.actions()).pipeInput(record(ELSEWHERE + "/1", "{}"));

            TestRecord<byte[], byte[]> letter = deadLetters(driver).readRecord();
            assertThat(letter.value()).isEqualTo("{}".getBytes(UTF_8));
            assertRejected(letter, "missing-field", TOPICS.actions(), 2);
        }
    }

    @Test
    void headersThatLookLikeOursAreTheProducersOwn() {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            RecordHeaders forged = own();
            forged.add("period-view.topic", "nonsense".getBytes(UTF_8)).add("period-view.offset", null);
            for (long team : new long[] {HERE, ELSEWHERE}) {
                input(driver, TOPICS.periods())
                        .pipeInput(new TestRecord<>((team + "/1").getBytes(UTF_8), new byte[0], forged, OWN_TIME));
                TestRecord<byte[], byte[]> letter = deadLetters(driver).readRecord();
                assertThat(letter.headers().toArray()).hasSize(3 + 6).startsWith(forged.toArray());
                assertThat(headers(letter)).containsEntry("__streams.errors.topic", TOPICS.periods());
            }
        }
    }

    @Test
    void aRecordOfMoreThanEightMebibytesIsADeadLetterWithoutItsValue() {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            byte[] value = new byte[8 << 20];
            for (long team : new long[] {HERE, ELSEWHERE}) {
                input(driver, TOPICS.actions()).pipeInput(new TestRecord<>(bytes(team + "/7"), value, own(), OWN_TIME));

                TestRecord<byte[], byte[]> letter = deadLetters(driver).readRecord();
                assertThat(letter.key()).isEqualTo(bytes(team + "/7"));
                assertThat(letter.value()).isNull();
                assertThat(headers(letter))
                        .containsEntry("own", "1")
                        .containsEntry("__streams.errors.exception", "too-large")
                        .containsEntry("period-view.value-size", "" + value.length)
                        .containsEntry(
                                "period-view.value-sha256",
                                "2daeb1f36095b44b318410b3f4e8b5d989dcc7bb023d1426c492dab0a3053e74");
            }
            assertThat(rerouted(driver).isEmpty()).isTrue();
        }
    }

    /** The hop's own headers do not count: what is taken where it arrived is taken where it goes. */
    @Test
    void anEventMayHaveHeadersUpToItsLimits() throws Exception {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            RecordHeaders most = new RecordHeaders();
            for (int i = 0; i < 999; i++) {
                most.add("h", null);
            }
            most.add("h", new byte[(1 << 20) - 1_000 - (ELSEWHERE + "/1").length()]);
            RecordHeaders tooMany = new RecordHeaders(most);
            tooMany.add("", null);
            RecordHeaders tooLarge = new RecordHeaders(most);
            tooLarge.remove("h");
            tooLarge.add("h", new byte[1 << 20]);
            for (RecordHeaders headers : new RecordHeaders[] {most, tooMany, tooLarge}) {
                for (String value : new String[] {ACTION, null}) {
                    input(driver, TOPICS.actions())
                            .pipeInput(new TestRecord<>(
                                    bytes(ELSEWHERE + "/1"), value == null ? null : bytes(value), headers, OWN_TIME));
                }
            }

            assertThat(metrics.appliedEvents()).isEqualTo(2);
            List<TestRecord<byte[], byte[]>> letters = deadLetters(driver).readRecordsToList();
            assertThat(letters)
                    .hasSize(4)
                    .allSatisfy(letter ->
                            assertThat(headers(letter)).containsEntry("__streams.errors.exception", "too-large"));
            assertThat(headers(letters.get(0)).get("__streams.errors.message"))
                    .isEqualTo("The event has 1001 headers; it may have 1000");
            assertThat(headers(letters.get(2)).get("__streams.errors.message"))
                    .endsWith("beside its value an event may have 1048576 (1 MiB)");
        }
    }

    @Test
    void aTombstoneWithABadKeyIsADeadLetter() {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            input(driver, TOPICS.periods()).pipeInput(new TestRecord<>(bytes("7"), null, own(), OWN_TIME));
            input(driver, TOPICS.periods()).pipeInput(new TestRecord<>(null, null, own(), OWN_TIME));

            for (int offset = 0; offset < 2; offset++) {
                TestRecord<byte[], byte[]> letter = deadLetters(driver).readRecord();
                assertThat(letter.value()).isNull();
                assertThat(letter.key()).isEqualTo(offset == 0 ? bytes("7") : null);
                assertRejected(letter, "invalid-key", TOPICS.periods(), offset);
            }
        }
    }

    @Test
    void eventsAreCountedAndLoggedInOneLineAMinute() {
        try (TopologyTestDriver driver = driver(PARTITIONS)) {
            TestInputTopic<byte[], byte[]> actions = input(driver, TOPICS.actions());
            for (int i = 1; i <= 1_000; i++) {
                actions.pipeInput(record(HERE + "/" + i, ACTION));
                actions.pipeInput(record(HERE + "/" + i, "{}"));
                actions.pipeInput(record(HERE + "/" + i, "{"));
                actions.pipeInput(record(HERE + "/" + i, "["));
                actions.pipeInput(record(ELSEWHERE + "/" + i, ACTION));
                actions.pipeInput(record(ELSEWHERE + "/" + i, "{}"));
            }
            assertThat(metrics.appliedEvents()).isEqualTo(2_000);
            assertThat(metrics.reroutedEvents()).isEqualTo(1_000);
            assertThat(metrics.rejectedByCode())
                    .isEqualTo(Map.of(
                            Rejection.Code.MISSING_FIELD, 2_000,
                            Rejection.Code.MALFORMED_JSON, 1_000,
                            Rejection.Code.INVALID_VALUE, 1_000));

            assertThat(eventLog.reroutedLine())
                    .startsWith("1000 events, such as test.actions-0@4, arrived in another partition than their team's")
                    .contains("docs/producers.md");
            assertThat(eventLog.rejectedLine())
                    .startsWith("4000 events, such as test.actions-0@1 with missing-field, could not be applied: ")
                    .contains(
                            "1000 malformed-json, 2000 missing-field, 1000 invalid-value", "period-view dead-letters");
            actions.pipeInput(record(HERE + "/1", "{"));
            now.addAndGet(Duration.ofSeconds(59).toNanos());
            assertThat(eventLog.rejectedLine()).isNull();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(eventLog.rejectedLine())
                    .startsWith("1 event, test.actions-0@6000 with malformed-json, could not be applied");
            assertThat(eventLog.reroutedLine()).isNull();
        }
    }

    private static void assertRejected(TestRecord<byte[], byte[]> letter, String code, String topic, long offset) {
        Map<String, String> headers = headers(letter);
        assertThat(headers.remove("__streams.errors.message")).isNotBlank();
        assertThat(headers)
                .containsExactly(
                        Map.entry("own", "1"),
                        Map.entry("__streams.errors.exception", code),
                        Map.entry("__streams.errors.topic", topic),
                        Map.entry("__streams.errors.partition", "0"),
                        Map.entry("__streams.errors.offset", "" + offset),
                        Map.entry("period-view.timestamp", "" + OWN_TIME.toEpochMilli()));
    }

    private TopologyTestDriver driver(int partitions) {
        Properties config = new Properties();
        config.putAll(new StreamsSettings(
                        "app", Map.of("bootstrap.servers", "127.0.0.1:1"), folder, new HostInfo("127.0.0.1", 1), 1, 0)
                .toConfig());
        return new TopologyTestDriver(
                PeriodViewTopology.build(
                        EventTopics.of(TOPICS, "app", partitions),
                        eventLog,
                        new LocalPartitions(Duration.ofSeconds(10), Set.of("actions")),
                        metrics),
                config);
    }

    private ViewReader reader(TopologyTestDriver driver) {
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(PeriodViewTopology.VIEW);
        return new ViewReader(store, new BufferPool(folder));
    }

    private String json(TopologyTestDriver driver, long team) throws Exception {
        try (var answer = reader(driver).actions(team, 1, null)) {
            return text(Objects.requireNonNull(answer));
        }
    }

    private static String text(ResponseBody answer) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        answer.writeTo(body);
        return body.toString(UTF_8);
    }

    private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static TestOutputTopic<byte[], byte[]> deadLetters(TopologyTestDriver driver) {
        return driver.createOutputTopic(TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static TestOutputTopic<byte[], byte[]> rerouted(TopologyTestDriver driver) {
        return driver.createOutputTopic(REROUTED, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static TestRecord<byte[], byte[]> record(Event event) {
        return new TestRecord<>(
                bytes(event.key()),
                event.value() == null ? null : bytes(event.value()),
                Instant.ofEpochMilli(event.timestamp()));
    }

    private static TestRecord<byte[], byte[]> record(String key, String value) {
        return new TestRecord<>(bytes(key), bytes(value), own(), OWN_TIME);
    }

    private static RecordHeaders own() {
        RecordHeaders own = new RecordHeaders();
        own.add("own", bytes("1"));
        return own;
    }

    private static Map<String, String> headers(TestRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        return headers;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "(null)" : new String(bytes, UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static long teamOf(boolean firstPartition) {
        long team = 1;
        while ((TeamPartitioner.partitionOf(team, PARTITIONS) == 0) != firstPartition) {
            team++;
        }
        return team;
    }
}
