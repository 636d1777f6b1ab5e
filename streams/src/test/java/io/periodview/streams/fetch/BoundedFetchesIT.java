package io.periodview.streams.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.OversizedRecord;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real consumer with bounds gets from a real broker. */
@Timeout(120)
class BoundedFetchesIT {

    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int MIB = 1 << 20;

    @TempDir
    static Path directory;

    private static Broker broker;
    private static int topics;

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void recordsAreThoseThatKafkaReads() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (String timestamps : List.of("CreateTime", "LogAppendTime")) {
            TopicPartition topic = topic(Map.of("message.timestamp.type", timestamps));
            int count = 0;
            for (String compression : COMPRESSIONS) {
                try (KafkaProducer<byte[], byte[]> producer = producer(compression, "tx-" + compression)) {
                    producer.initTransactions();
                    for (int transaction = 0; transaction < 6; transaction++) {
                        producer.beginTransaction();
                        int records = 1 + random.nextInt(40);
                        for (int i = 0; i < records; i++) {
                            producer.send(random(topic, random));
                        }
                        if (random.nextBoolean()) {
                            producer.commitTransaction();
                            count += records;
                        } else {
                            producer.abortTransaction();
                        }
                    }
                }
            }
            List<String> expected;
            try (KafkaConsumer<byte[], byte[]> plain =
                    new KafkaConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                plain.assign(List.of(topic));
                plain.seek(topic, 0);
                expected = BoundedConsumer.read(plain, count).stream()
                        .map(BoundedFetchesIT::text)
                        .toList();
            }
            try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
                bounded.max = 1 + random.nextInt(MIB);
                assertThat(bounded.read(count).stream().map(BoundedFetchesIT::text))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aLargeRecordComesWithoutItsValueAndItsNeighboursAsTheyAre() throws Exception {
        for (String compression : COMPRESSIONS.subList(1, COMPRESSIONS.size())) {
            TopicPartition topic = topic(Map.of());
            byte[] blanks = new byte[compression.equals("snappy") ? 30 * MIB : 100 * MIB];
            Arrays.fill(blanks, (byte) ' ');
            try (KafkaProducer<byte[], byte[]> producer = producer(compression, null)) {
                producer.send(new ProducerRecord<>(topic.topic(), bytes("1/1"), bytes("before")));
                Headers headers = new RecordHeaders().add("own", bytes("header"));
                producer.send(
                        new ProducerRecord<>(topic.topic(), 0, 1_700_000_000_000L, bytes("1/2"), blanks, headers));
                producer.send(new ProducerRecord<>(topic.topic(), bytes("1/3"), bytes("after")));
            }
            try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
                List<ConsumerRecord<byte[], byte[]>> records = bounded.read(3);
                assertThat(records.get(0).value()).isEqualTo(bytes("before"));
                ConsumerRecord<byte[], byte[]> large = records.get(1);
                assertThat(large.value()).isSameAs(OmittedValue.PLACEHOLDER);
                assertThat(large.key()).isEqualTo(bytes("1/2"));
                assertThat(large.timestamp()).isEqualTo(1_700_000_000_000L);
                assertThat(large.headers().lastHeader("own").value()).isEqualTo(bytes("header"));
                assertThat(omissions(large))
                        .isEqualTo(new Omissions(null, OmittedValue.of(ByteBuffer.wrap(blanks)), null));
                assertThat(records.get(2).value()).isEqualTo(bytes("after"));
            }
        }
    }

    /** Each of these would take more than its size: keys and headers count, and each header is an object. */
    @Test
    void largeKeysAndHeadersAreLeftOut() throws Exception {
        TopicPartition topic = topic(Map.of());
        Headers flood = new RecordHeaders();
        for (int i = 0; i < 400_000; i++) {
            flood.add("x", null);
        }
        Headers large = new RecordHeaders()
                .add("first", bytes("1"))
                .add("second", new byte[20 * MIB])
                .add("third", null);
        byte[] key = new byte[20 * MIB];
        byte[] value = bytes("{}");
        try (KafkaProducer<byte[], byte[]> producer = producer("zstd", null)) {
            producer.send(new ProducerRecord<>(topic.topic(), 0, null, null, null, flood));
            producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/1"), value, large));
            producer.send(new ProducerRecord<>(topic.topic(), 0, key, null));
            producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/2"), value));
        }
        try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
            List<ConsumerRecord<byte[], byte[]>> records = bounded.read(4);
            assertThat(records.subList(0, 3)).allMatch(each -> OmittedValue.isOmitted(each.value()));
            assertThat(omissions(records.get(0))).isEqualTo(new Omissions(null, null, 400_000L));
            assertThat(records.get(1).key()).isEqualTo(bytes("1/1"));
            assertThat(omissions(records.get(1)))
                    .isEqualTo(new Omissions(null, OmittedValue.of(ByteBuffer.wrap(value)), 17L + 20 * MIB));
            assertThat(records.get(2).key()).isNull();
            assertThat(omissions(records.get(2)))
                    .isEqualTo(new Omissions(OmittedValue.of(ByteBuffer.wrap(key)), null, null));
            assertThat(records.get(3).value()).isEqualTo(value);
        }
    }

    @Test
    void aPollReturnsNoMoreBytesThanItMayAndOneRecord() throws Exception {
        TopicPartition topic = topic(Map.of());
        Headers large = new RecordHeaders().add("large", new byte[MIB]);
        try (KafkaProducer<byte[], byte[]> producer = producer("zstd", null)) {
            for (int i = 0; i < 15; i++) {
                producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/1"), new byte[MIB]));
                // Deserializers see nothing of it.
                producer.send(new ProducerRecord<>(topic.topic(), 0, null, null, null, large));
            }
        }
        try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
            bounded.max = 5 * MIB;
            assertThat(bounded.read(30)).extracting(ConsumerRecord::offset).doesNotHaveDuplicates();
            assertThat(bounded.mostInAPoll).isEqualTo(4);
        }
        try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
            bounded.max = 1;
            assertThat(bounded.read(30)).hasSize(30);
            assertThat(bounded.mostInAPoll).isEqualTo(1);
        }
    }

    @Test
    void whatMayNotBeLeftOutIsNotRead() throws Exception {
        TopicPartition topic = topic(Map.of());
        try (KafkaProducer<byte[], byte[]> producer = producer("zstd", null)) {
            producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/1"), new byte[8 * MIB]));
            producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/1"), new byte[17 * MIB]));
        }
        try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.REFUSE)) {
            assertThat(bounded.read(1).get(0).value()).hasSize(8 * MIB);
            assertThat(bounded.failure())
                    .hasMessageContaining("Cannot read " + topic + "@1: It has 17825804 bytes; 16777216 are the limit");
        }
    }

    @Test
    void aDamagedBatchSaysWhereItIsAndCanBeSkipped() throws Exception {
        TopicPartition topic = topic(Map.of());
        for (String value : List.of("first", "second", "third")) {
            try (KafkaProducer<byte[], byte[]> producer = producer("none", null)) {
                producer.send(new ProducerRecord<>(topic.topic(), 0, bytes("1/1"), bytes(value)));
            }
        }
        // Brokers send what is in their files as it is.
        try (Stream<Path> files = Files.walk(directory);
                FileChannel file = FileChannel.open(
                        files.filter(each -> each.endsWith(topic + "/00000000000000000000.log"))
                                .findFirst()
                                .orElseThrow(),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            file.read(all);
            int at = new String(all.array(), ISO_8859_1).indexOf("second");
            file.write(ByteBuffer.wrap(bytes("x")), at);
        }
        try (BoundedConsumer bounded = new BoundedConsumer(config(), topic, LargeRecords.OMIT_VALUE)) {
            assertThat(bounded.read(1).get(0).value()).isEqualTo(bytes("first"));
            UnreadableRecordException unreadable = bounded.failure();
            assertThat(unreadable.partition()).isEqualTo(topic);
            assertThat(unreadable.offset()).isEqualTo(1);
            assertThat(bounded.failure().offset()).isEqualTo(1);
            bounded.consumer.seek(topic, unreadable.nextOffset());
            assertThat(bounded.read(1).get(0).value()).isEqualTo(bytes("third"));
        }
    }

    private static TopicPartition topic(Map<String, String> settings) throws Exception {
        String name = "topic-" + topics++;
        try (Admin admin = Admin.create(config())) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
        return new TopicPartition(name, 0);
    }

    private static Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", broker.bootstrapServers());
        config.put("isolation.level", "read_committed");
        return config;
    }

    /** Batches of several records, however large they are. */
    private static KafkaProducer<byte[], byte[]> producer(String compression, @Nullable String transactionalId) {
        Map<String, Object> config = config();
        config.put("compression.type", compression);
        config.put("max.request.size", 256 * MIB);
        config.put("buffer.memory", 512L * MIB);
        config.put("batch.size", 256 << 10);
        config.put("linger.ms", 50);
        if (transactionalId != null) {
            config.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> random(TopicPartition topic, Random random) {
        Headers headers = new RecordHeaders();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add("header-" + i, random.nextBoolean() ? null : randomBytes(random, 100));
        }
        return new ProducerRecord<>(
                topic.topic(),
                0,
                random.nextBoolean() ? null : random.nextLong(1L << 40),
                random.nextInt(4) == 0 ? null : randomBytes(random, 100),
                random.nextInt(4) == 0 ? null : randomBytes(random, random.nextInt(10) == 0 ? 200_000 : 2_000),
                headers);
    }

    private static byte[] randomBytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder();
        text.append(record.offset())
                .append(' ')
                .append(record.timestampType())
                .append(' ')
                .append(record.timestamp());
        text.append(' ').append(Arrays.hashCode(record.key())).append(' ').append(Arrays.hashCode(record.value()));
        text.append(' ').append(record.serializedKeySize()).append(' ').append(record.serializedValueSize());
        for (Header header : record.headers()) {
            text.append(' ').append(header.key()).append('=').append(Arrays.hashCode(header.value()));
        }
        return text.toString();
    }

    private static @Nullable Omissions omissions(ConsumerRecord<byte[], byte[]> record) {
        OversizedRecord oversized = OversizedRecord.of(record.key(), record.value(), record.headers());
        return oversized == null ? null : oversized.omissions();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
