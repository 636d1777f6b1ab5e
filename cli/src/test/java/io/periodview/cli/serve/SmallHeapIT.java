package io.periodview.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.ApiReader;
import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.InstanceProcess;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An instance with 512 MiB of heap, and more than that in a few batches. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SmallHeapIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final int MIB = 1 << 20;
    private static final int LARGE = 600 * MIB;
    private static final int BACKLOG = 700;
    private static final int PARTITIONS = 12;
    private static final List<Exception> FAILURES = new CopyOnWriteArrayList<>();

    @TempDir
    static Path directory;

    private static CommandLineWithBroker broker;
    private static TopicNames topics;
    private static ApiReader api;
    private static InstanceProcess instance;

    @BeforeAll
    static void publish() throws Exception {
        broker = new CommandLineWithBroker();
        topics = broker.topics();
        broker.commandLine().result("topics", "--apply");
        String key = broker.commandLine()
                .result("keys", "create", "--team", "1", "--name", "test")
                .strip();
        instance = new InstanceProcess("small", directory, broker.serveOptions());
        api = ApiReader.at(instance.port(), key);
        try (KafkaProducer<byte[], byte[]> producer = producer("zstd")) {
            send(
                    producer,
                    topics.periods(),
                    5,
                    bytes("{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00:00Z\",\"end_date\":null}"));
            byte[] event = action("x".repeat(1_000_000));
            for (int id = 1; id <= BACKLOG; id++) {
                send(producer, topics.actions(), id, event);
            }
        }
        byte[] blanks = new byte[LARGE];
        Arrays.fill(blanks, (byte) ' ');
        try (KafkaProducer<byte[], byte[]> producer = producer("gzip")) {
            send(producer, topics.actions(), 1, blanks);
            send(producer, topics.actions(), BACKLOG + 1, action("y"));
        }
        assertThat(FAILURES).isEmpty();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    @Order(1)
    void aBacklogOfLargeEventsIsAppliedAndWhatIsTooLargeIsADeadLetter() throws Exception {
        instance.start();
        instance.awaitReady();
        awaitActions();
        List<ConsumerRecord<byte[], byte[]>> deadLetters = broker.read(topics.deadLetters());
        assertThat(deadLetters).singleElement().satisfies(each -> {
            assertThat(each.value()).isNull();
            assertThat(new String(
                            each.headers().lastHeader("period-view.value-size").value(), UTF_8))
                    .isEqualTo("" + LARGE);
        });
    }

    @Test
    @Order(2)
    void theirRowsAreRestored() throws Exception {
        instance.close();
        instance.deleteState();
        instance.start();
        instance.awaitReady();
        awaitActions();
    }

    private static void awaitActions() {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(instance.isAlive())
                    .as(() -> instance.process().toString())
                    .isTrue();
            HttpResponse<String> response = api.get("/periods/5/actions");
            return response.statusCode() == 200
                    && ReferenceView.parse(response.body()).at("/actions").size() == BACKLOG + 1;
        });
    }

    private static KafkaProducer<byte[], byte[]> producer(String compression) {
        Map<String, Object> config = new HashMap<>(broker.clientProperties());
        config.put("compression.type", compression);
        config.put("max.request.size", LARGE + MIB);
        config.put("buffer.memory", 2L * LARGE);
        config.put("batch.size", 256 << 10);
        config.put("linger.ms", 50);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int id, byte[] value) {
        int partition = TeamPartitioner.partitionOf(1, PARTITIONS);
        producer.send(new ProducerRecord<>(topic, partition, bytes("1/" + id), value), (at, failure) -> {
            if (failure != null) {
                FAILURES.add(failure);
            }
        });
    }

    private static byte[] action(String note) {
        return bytes("{\"createdTime\":\"2024-07-01T00:00:00Z\",\"formFields\":{\"note\":\"" + note + "\"}}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
