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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are allowed, of teams with more data than an instance has heap: 512 MiB. */
@Tag("slow")
class GreedyReadersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final int PARTITIONS = 12;

    /** With form fields of 90 KB each. */
    private static final long LARGE_ACTIONS = 1;

    private static final int ACTIONS = 6_000;

    /** Of a MB each. */
    private static final long LARGE_PERIODS = 2;

    private static final int PERIODS = 300;

    private static final long MANY_PERIODS = 3;
    private static final int MANY = 10_000;
    private static final List<Exception> FAILURES = new CopyOnWriteArrayList<>();

    @TempDir
    static Path directory;

    private static TopicNames topics;
    private static InstanceProcess instance;
    private static final Map<Long, ApiReader> TEAMS = new HashMap<>();

    @BeforeAll
    static void publish() throws Exception {
        CommandLineWithBroker broker = new CommandLineWithBroker();
        topics = broker.topics();
        broker.commandLine().result("topics", "--apply");
        instance = new InstanceProcess("greedy", directory, broker.serveOptions());
        for (long team : List.of(LARGE_ACTIONS, LARGE_PERIODS, MANY_PERIODS)) {
            String key = broker.commandLine()
                    .result("keys", "create", "--team", "" + team, "--name", "test")
                    .strip();
            TEAMS.put(team, ApiReader.at(instance.port(), key));
        }
        Map<String, Object> config = new HashMap<>(broker.clientProperties());
        config.put("compression.type", "zstd");
        config.put("max.request.size", 2 << 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, topics.periods(), LARGE_ACTIONS, 1, period("P"));
            String large = "{\"createdTime\":\"2024-07-01T00:00:00Z\",\"formFields\":{\"note\":\"" + "x".repeat(90_000)
                    + "\"}}";
            for (int id = 1; id <= ACTIONS; id++) {
                send(producer, topics.actions(), LARGE_ACTIONS, id, large);
            }
            for (int id = 1; id <= PERIODS; id++) {
                send(producer, topics.periods(), LARGE_PERIODS, id, period("x".repeat(1_000_000)));
            }
            for (int id = 1; id <= MANY; id++) {
                send(producer, topics.periods(), MANY_PERIODS, id, period("P" + id));
            }
        }
        assertThat(FAILURES).isEmpty();
        instance.start();
        instance.awaitReady();
        awaitRows(MANY_PERIODS, "/periods", "/periods", MANY);
        awaitRows(LARGE_ACTIONS, "/periods/1/actions", "/actions", ACTIONS);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void rowsWithLargeFormFieldsAreReadAgainAndAgain() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(status(LARGE_ACTIONS, "/periods/1/actions")).isEqualTo(200);
        }
        assertThat(status(LARGE_ACTIONS, ApiReader.actions(1, List.of("none")))).isEqualTo(200);
        assertAlive();
    }

    @Test
    void everNewNamesOfFormFieldsFillNoCache() throws Exception {
        together(16, 3_000, i -> {
            List<String> names = IntStream.range(0, 70)
                    .mapToObj(name -> "n" + i + "x".repeat(150) + name)
                    .toList();
            assertThat(status(MANY_PERIODS, ApiReader.actions(1, names))).isIn(200, 503);
        });
        assertAlive();
    }

    @Test
    void listsOfManyOrLargePeriodsAreReadTogether() throws Exception {
        together(16, 60, i -> {
            long team = i % 2 == 0 ? MANY_PERIODS : LARGE_PERIODS;
            // The range lets nothing through of the large ones that has to be sent, but all is read.
            String range = team == MANY_PERIODS ? "" : i % 10 == 1 ? "" : "?end_date=2024-01-01T00:00:00Z";
            assertThat(status(team, "/periods" + range)).isIn(200, 503);
        });
        assertAlive();
        awaitRows(MANY_PERIODS, "/periods", "/periods", MANY);
    }

    private interface Request {
        void send(int number) throws Exception;
    }

    private static void together(int clients, int requests, Request request) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                int number = i;
                sent.add(threads.submit(() -> {
                    request.send(number);
                    return null;
                }));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static ApiReader reader(long team) {
        return Objects.requireNonNull(TEAMS.get(team));
    }

    private static int status(long team, String path) throws Exception {
        return reader(team).status(path);
    }

    private static void assertAlive() throws InterruptedException {
        assertThat(instance.isAlive()).as(() -> instance.process().toString()).isTrue();
        assertThat(instance.health("live")).isEqualTo(200);
    }

    private static void awaitRows(long team, String path, String list, int rows) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertAlive();
            HttpResponse<String> response = reader(team).get(path);
            return response.statusCode() == 200
                    && ReferenceView.parse(response.body()).at(list).size() == rows;
        });
    }

    private static String period(String name) {
        return "{\"name\":\"" + name + "\",\"start_date\":\"2024-01-01T00:00:00Z\",\"end_date\":null}";
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, long team, int id, String value) {
        producer.send(
                new ProducerRecord<>(
                        topic,
                        TeamPartitioner.partitionOf(team, PARTITIONS),
                        (team + "/" + id).getBytes(UTF_8),
                        value.getBytes(UTF_8)),
                (at, failure) -> {
                    if (failure != null) {
                        FAILURES.add(failure);
                    }
                });
    }
}
