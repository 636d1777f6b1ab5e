package io.periodview.cli.skip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.RecordOrigin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkipIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String PREFIX = "it.";
    private static final String ACTION = "{\"createdTime\":\"2024-07-01T00:10:00Z\"}";
    private static final long OWN_TIME = 1_700_000_000_123L;

    @TempDir
    static Path directory;

    private Broker broker;
    private InProcessCommandLine commandLine;
    private KafkaProducer<byte[], byte[]> producer;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory));
        commandLine = new InProcessCommandLine(broker.bootstrapServers(), PREFIX);
        commandLine.result("topics", "--apply", "--partitions", "2");
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("compression.type", "zstd");
        settings.put("max.request.size", 64 << 20);
        settings.put("buffer.memory", 64L << 20);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        admin = Admin.create(client());
    }

    @AfterAll
    void stop() {
        if (producer != null) {
            producer.close();
            admin.close();
        }
        broker.close();
    }

    @Test
    void anEventThatCanBeReadIsNotSkipped() throws Exception {
        RecordMetadata at = send("periods", 0, "7/1", ACTION.getBytes(UTF_8));
        int before = letters().size();

        assertThat(commandLine.failure("skip", "periods-0@" + at.offset(), "--reason", "a typo"))
                .isEqualTo("period-view: Nothing was skipped: periods-0@" + at.offset() + " can be read, and has "
                        + (3 + ACTION.length() + 6)
                        + " bytes. The service applies it, or makes a dead letter of it, by itself.");
        assertThat(letters()).hasSize(before);
        assertThat(mark("periods", 0)).isNull();
    }

    @Test
    void aRecordThatIsTooLargeIsRecordedWithSizeAndHash() throws Exception {
        RecordMetadata at = send("actions", 1, "7/2", new byte[(8 << 20) + 1]);
        String place = "actions-1@" + at.offset();

        Outcome skipped = commandLine.run("skip", place, "--reason", "too large\nfor this heap");

        assertThat(skipped.status()).as("%s", skipped).isZero();
        assertThat(skipped.out()).hasLineCount(1).startsWith("Skipped " + place + " (8388609 bytes of value, SHA-256 ");
        ConsumerRecord<byte[], byte[]> letter = letter("actions", 1, at.offset());
        DeadLetter says = Objects.requireNonNull(RecordOrigin.ofRejected(letter.headers()));
        assertThat(letter.key()).isEqualTo("7/2".getBytes(UTF_8));
        assertThat(letter.value()).isNull();
        assertThat(says.code()).isEqualTo("skipped");
        assertThat(says.message()).isEqualTo("too large for this heap");
        assertThat(says.origin()).isEqualTo(new RecordOrigin(PREFIX + "actions", 1, at.offset(), OWN_TIME));
        assertThat(says.own().lastHeader("trace").value()).isEqualTo(new byte[] {7});
        assertThat(Objects.requireNonNull(says.omissions().value()).size()).isEqualTo((8 << 20) + 1);
        assertThat(mark("actions", 1)).isEqualTo(new OffsetAndMetadata(at.offset() + 1, "too large for this heap"));

        int before = letters().size();
        assertThat(commandLine.result("skip", place, "--reason", "again"))
                .isEqualTo(place + " is skipped already, as all up to " + place + ": too large for this heap");
        assertThat(letters()).hasSize(before);
        assertThat(commandLine.result("dead-letters", "--code", "skipped"))
                .contains("skipped\n    too large for this heap\n    from     " + place, "(left out: 8,388,609 bytes,");
    }

    @Test
    void aRecordThatIsDamagedOnTheBrokersDiskIsPassed() throws Exception {
        String rerouted = PREFIX + "period-view-rerouted";
        RecordMetadata at = producer.send(
                        new ProducerRecord<>(rerouted, 0, "7/3".getBytes(UTF_8), ACTION.getBytes(UTF_8)))
                .get();
        damageLastByte(rerouted + "-0");
        String place = rerouted + "-0@" + at.offset();

        String line = commandLine.result("skip", place, "--reason", "disk of broker 1");

        assertThat(line)
                .startsWith("Skipped " + place + " (unreadable: ")
                .contains("is corrupt", ". The service passes over it only if it cannot take it in.");
        ConsumerRecord<byte[], byte[]> letter = letter("period-view-rerouted", 0, at.offset());
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        DeadLetter says = Objects.requireNonNull(RecordOrigin.ofRejected(letter.headers()));
        assertThat(says.omissions().isNone()).isTrue();
        assertThat(says.origin().timestamp()).isEqualTo(RecordOrigin.UNKNOWN_TIME);
        assertThat(mark("period-view-rerouted", 0))
                .isEqualTo(new OffsetAndMetadata(at.offset() + 1, "disk of broker 1"));
    }

    @Test
    void offsetsThatTheLogHasLostArePassed() throws Exception {
        for (int i = 0; i < 3; i++) {
            send("periods", 1, "7/4", ACTION.getBytes(UTF_8));
        }
        TopicPartition partition = new TopicPartition(PREFIX + "periods", 1);
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, partition.topic()),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("cleanup.policy", "compact,delete"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        // Refused until the broker knows of the policy.
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
            return true;
        });

        assertThat(commandLine.result("skip", PREFIX + "periods-1@1", "--reason", "deleted by hand"))
                .contains("(its log begins at 2 now)");
        assertThat(mark("periods", 1)).isEqualTo(new OffsetAndMetadata(2, "deleted by hand"));
        assertThat(letter("periods", 1, 1).key()).isNull();
    }

    @Test
    void whereThereIsNoRecordNothingIsSkipped() throws Exception {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("transactional.id", "skip-it");
        long aborted;
        try (KafkaProducer<byte[], byte[]> transactional =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            aborted = transactional
                    .send(new ProducerRecord<>(PREFIX + "actions", 0, "7/5".getBytes(UTF_8), new byte[0]))
                    .get()
                    .offset();
            transactional.abortTransaction();
        }
        for (long offset = aborted; offset <= aborted + 1; offset++) {
            assertThat(commandLine.failure("skip", "actions-0@" + offset, "--reason", "r"))
                    .startsWith("period-view: Nothing was skipped: there is no record at actions-0@" + offset);
        }
        Outcome beyond = commandLine.run("skip", "actions-0@" + (aborted + 2), "--reason", "r");
        assertThat(beyond.status()).isEqualTo(2);
        assertThat(beyond.err()).contains("yet: its log ends at " + (aborted + 2) + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skip",
                "skip actions-0@1",
                "skip actions-0@1 --reason ",
                "skip actions@1 --reason r",
                "skip actions-0 --reason r",
                "skip dead-letters-0@1 --reason r",
                "skip api-keys-0@1 --reason r",
                "skip other-rerouted-0@1 --reason r",
                "skip actions-2@0 --reason r",
                "skip actions-1@99999 --reason r"
            })
    void wrongUsageIsStatusTwo(String arguments) {
        Outcome outcome = commandLine.run(arguments.split(" ", -1));

        assertThat(outcome.status()).as("%s", outcome).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    private RecordMetadata send(String topic, int partition, String key, byte[] value) throws Exception {
        return producer.send(new ProducerRecord<>(
                        PREFIX + topic,
                        partition,
                        OWN_TIME,
                        key.getBytes(UTF_8),
                        value,
                        List.of(new RecordHeader("trace", new byte[] {7}))))
                .get();
    }

    /** Of the last batch, behind what its header says. */
    private void damageLastByte(String partition) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path segment = files.filter(file -> file.endsWith(partition + "/00000000000000000000.log"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                long last = Files.size(segment) - 1;
                file.seek(last);
                int value = file.read();
                file.seek(last);
                file.write(value ^ 0xff);
            }
        }
    }

    private @Nullable OffsetAndMetadata mark(String topic, int partition) throws Exception {
        return admin.listConsumerGroupOffsets(PREFIX + "period-view-skips")
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(PREFIX + topic, partition));
    }

    private ConsumerRecord<byte[], byte[]> letter(String topic, int partition, long offset) {
        return letters().stream()
                .filter(letter -> {
                    DeadLetter says = RecordOrigin.ofRejected(letter.headers());
                    return says != null
                            && says.origin().topic().equals(PREFIX + topic)
                            && says.origin().partition() == partition
                            && says.origin().offset() == offset;
                })
                .findFirst()
                .orElseThrow();
    }

    private List<ConsumerRecord<byte[], byte[]>> letters() {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(0, 1, 2)
                    .map(partition -> new TopicPartition(PREFIX + "dead-letters", partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(letters::add);
            }
        }
        return letters;
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
