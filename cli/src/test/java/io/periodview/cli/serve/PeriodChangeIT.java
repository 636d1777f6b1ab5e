package io.periodview.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.ApiReader;
import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.Committed;
import io.periodview.cli.FreePorts;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.topics.TeamPartitioner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A period over a million actions is created, moved, deleted and moved again, over and over, while its partition has
 * other things to do: what that costs another team of the partition, and what readers of the period see. Prints its
 * figures; {@code -Dperiodview.actions=N} takes another number.
 */
@Tag("slow")
class PeriodChangeIT {

    private static final int ACTIONS = Integer.getInteger("periodview.actions", 1_000_000);
    private static final int PARTITIONS = 12;
    private static final Duration PHASE = Duration.ofSeconds(20);
    /** Updates of the large team's actions a second, all the time. */
    private static final int LOAD = 500;

    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final long BIG = 1;
    private static final long OTHER = anotherOfThePartition();

    /** The period's states by name, and how many actions each has. */
    private static final Map<String, Integer> STATES =
            Map.of("all", ACTIONS, "first half", ACTIONS / 2, "second half", ACTIONS - ACTIONS / 2);

    @TempDir
    Path temporary;

    private final int port = FreePorts.next();
    private final int brokerPort = FreePorts.next();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean stopped;

    @AfterEach
    void stopThreads() {
        stopped = true;
        threads.shutdownNow();
    }

    @Test
    void anotherTeamIsHardlyAffected() throws Exception {
        try (CommandLineProcess dev = CommandLineProcess.start(
                temporary,
                "dev",
                "--no-sample",
                "--port=" + port,
                "--admin-port=" + FreePorts.next(),
                "--broker-port=" + brokerPort)) {
            dev.awaitOut("ready");
            try (KafkaProducer<String, String> producer = producer()) {
                measure(producer);
            }
        }
    }

    private void measure(KafkaProducer<String, String> producer) throws Exception {
        String bigKey = key(BIG);
        ApiReader big = ApiReader.at(port, bigKey);
        ApiReader other = ApiReader.at(port, key(OTHER));
        publishActions(producer);
        Future<Integer> load = threads.submit(() -> load(producer));

        Latencies during = compare("nobody reads the period", producer, big, other);
        assertThat(during.p99()).isLessThan(Duration.ofMillis(250));

        PeriodReader reader = new PeriodReader(port, bigKey, STATES);
        Future<Integer> reads = threads.submit(reader);
        compare("it is read all the time", producer, big, other);
        reader.stop();
        stopped = true;
        assertThat(reads.get()).isPositive();
        System.err.printf(
                "answers of the period, each of one state: %d; updates meanwhile: %d%n", reads.get(), load.get());
    }

    /** The other team's latencies while the period changes. */
    private Latencies compare(String title, KafkaProducer<String, String> producer, ApiReader big, ApiReader other)
            throws Exception {
        Latencies before = latencies(producer, other);
        Changes changes = new Changes(producer, big);
        Future<Integer> changing = threads.submit(changes);
        Latencies during = latencies(producer, other);
        changes.stop();
        int count = changing.get();
        System.err.printf(
                "%s: event to visible p50/p99 in ms before %s, during %s (p99 x %.1f); %d changes of %d actions, to visible %s%n",
                title,
                before,
                during,
                (double) during.p99().toNanos() / before.p99().toNanos(),
                count,
                ACTIONS,
                changes.visible());
        assertThat(during.p99()).isLessThan(before.p99().multipliedBy(5));
        return during;
    }

    private String key(long team) {
        return new InProcessCommandLine("127.0.0.1:" + brokerPort, "")
                .result("keys", "create", "--team=" + team, "--name=reader of " + team);
    }

    private void publishActions(KafkaProducer<String, String> producer) throws Exception {
        Future<RecordMetadata> last = null;
        for (int i = 1; i <= ACTIONS; i++) {
            last = producer.send(action(i, "open"));
        }
        RecordMetadata period = send(producer, "periods", OTHER + "/1", period("of the others", 0, null));
        RecordMetadata actions = Objects.requireNonNull(last).get();
        Committed.await(
                "127.0.0.1:" + brokerPort,
                "period-view",
                Map.of(
                        new TopicPartition("actions", actions.partition()), actions.offset(),
                        new TopicPartition("periods", period.partition()), period.offset()));
    }

    private static ProducerRecord<String, String> action(int number, String status) {
        return new ProducerRecord<>(
                "actions",
                BIG + "/" + number,
                "{\"createdTime\":\"" + START.plusMillis(number) + "\",\"status\":\"" + status + "\"}");
    }

    private int load(KafkaProducer<String, String> producer) {
        int sent = 0;
        for (long start = System.nanoTime(); !stopped; sent++) {
            producer.send(action(1 + (int) (sent * 7919L % ACTIONS), "update " + sent));
            LockSupport.parkNanos(start + sent * 1_000_000_000L / LOAD - System.nanoTime());
        }
        return sent;
    }

    /** One event after the other of another team, each from its acknowledgement until it is read. */
    private Latencies latencies(KafkaProducer<String, String> producer, ApiReader reader) throws Exception {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + PHASE.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            String mark = "\"status\":\"" + System.nanoTime() + "\"";
            send(producer, "actions", OTHER + "/1", "{\"createdTime\":\"" + START + "\"," + mark + "}");
            latencies.until(() -> reader.body("/periods/1/actions").contains(mark));
        }
        return latencies;
    }

    /** Changes the period as fast as readers see it change. */
    private final class Changes implements Callable<Integer> {
        private final KafkaProducer<String, String> producer;
        private final ApiReader reader;
        private final Latencies visible = new Latencies();
        private volatile boolean over;

        Changes(KafkaProducer<String, String> producer, ApiReader reader) {
            this.producer = producer;
            this.reader = reader;
        }

        @Override
        public Integer call() throws Exception {
            int changes = 0;
            while (!over) {
                change("all", 0, null);
                change("first half", 0, ACTIONS / 2 + 1);
                send(producer, "periods", BIG + "/1", null);
                visible.until(() -> !reader.body("/periods").contains("\"id\":1,"));
                // Before the first move can have shown, the next one comes.
                producer.send(new ProducerRecord<>("periods", BIG + "/1", period("all", 0, null)));
                change("second half", ACTIONS / 2 + 1, null);
                changes += 5;
            }
            return changes;
        }

        private void change(String name, int from, @Nullable Integer until) throws Exception {
            send(producer, "periods", BIG + "/1", period(name, from, until));
            visible.until(() -> reader.body("/periods").contains("\"" + name + "\""));
        }

        void stop() {
            over = true;
        }

        Latencies visible() {
            return visible;
        }
    }

    private static String period(String name, int from, @Nullable Integer until) {
        return "{\"name\":\"" + name + "\",\"start_date\":\"" + START.plusMillis(from) + "\",\"end_date\":"
                + (until == null ? "null" : "\"" + START.plusMillis(until) + "\"") + "}";
    }

    private static RecordMetadata send(
            KafkaProducer<String, String> producer, String topic, String key, @Nullable String value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        "127.0.0.1:" + brokerPort,
                        ProducerConfig.PARTITIONER_CLASS_CONFIG,
                        TeamPartitioner.class.getName(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static long anotherOfThePartition() {
        long team = BIG + 1;
        while (TeamPartitioner.partitionOf(team, PARTITIONS) != TeamPartitioner.partitionOf(BIG, PARTITIONS)) {
            team++;
        }
        return team;
    }
}
