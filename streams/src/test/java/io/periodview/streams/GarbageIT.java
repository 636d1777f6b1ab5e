package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.EventTopics;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As many garbage events as good ones, mixed: all good ones are applied, all others are dead letters, and the service is
 * at least half as fast as with good ones alone.
 *
 * <p>Fast is events a second, whatever they are, over the same number of events. They lie in the topics before the
 * service starts; the time runs from when it serves until its own counts say that each has been applied or rejected.
 * Good ones lie in their team's partition, garbage lies anywhere. Three rounds in turn after one to warm up, each with topics and state of its own; medians are compared.
 */
@Tag("slow")
class GarbageIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int PARTITIONS = 12;
    private static final int EACH = Integer.getInteger("each", 100_000);
    private static final int HISTORIES = 10;
    private static final int TEAMS_OF_A_HISTORY = 3;
    private static final int ROUNDS = 3;

    @TempDir
    static Path directory;

    private static Broker broker;

    private int runs;

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void asMuchGarbageAsGoodEventsLosesNothingAndHalvesTheRateAtMost() throws Exception {
        run(2 * EACH, 0);
        run(EACH, EACH);
        double[] good = new double[ROUNDS];
        double[] mixed = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            good[round] = run(2 * EACH, 0);
            mixed[round] = run(EACH, EACH);
        }
        Arrays.sort(good);
        Arrays.sort(mixed);
        System.out.printf("Events/s, good only: %s; half of them garbage: %s%n", text(good), text(mixed));
        assertThat(mixed[ROUNDS / 2]).isGreaterThan(good[ROUNDS / 2] / 2);
    }

    /** Events a second. */
    private double run(int goodEvents, int garbageEvents) throws Exception {
        long seed = new Random().nextLong();
        TopicNames topics = new TopicNames("run" + ++runs + ".");
        String application = topics.prefix() + "period-view";
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(topics, application, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
            awaitLeaders(admin, topics);
        }
        ReferenceView reference = new ReferenceView();
        DeadLetterCheck deadLetters = new DeadLetterCheck();
        produce(seed, topics, goodEvents, garbageEvents, reference, deadLetters);

        StreamsSettings settings = new StreamsSettings(
                application, client(), directory.resolve("state-" + runs), new HostInfo("127.0.0.1", 1), 2, 0);
        CountingMetrics metrics = new CountingMetrics();
        EventTopics eventTopics = EventTopics.of(topics, application, PARTITIONS);
        try (PeriodViewService service = PeriodViewService.start(settings, eventTopics, metrics)) {
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(5)).until(service::isServing);
            long start = System.nanoTime();
            await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> metrics.appliedEvents() + metrics.rejectedEvents() >= goodEvents + garbageEvents);
            double rate = (goodEvents + garbageEvents) * 1e9 / (System.nanoTime() - start);
            System.out.printf(
                    "Run %d, seed %d: %d good, %d garbage, %d rerouted, %.0f events/s%n",
                    runs, seed, goodEvents, garbageEvents, metrics.reroutedEvents(), rate);

            assertThat(metrics.appliedEvents()).isEqualTo(goodEvents);
            assertThat(metrics.rejectedEvents()).isEqualTo(garbageEvents);
            Rendered.compare(service, seed, reference, new IdLedger());
            assertThat(deadLetters.compare(client(), topics.deadLetters()))
                    .as("dead letters of good events, seed %d", seed)
                    .isZero();
            assertThat(service.fatalError()).isNotDone();
            return rate;
        }
    }

    /** A producer that is faster than the leaders of new topics gets its sequence numbers into a muddle. */
    private static void awaitLeaders(Admin admin, TopicNames topics) throws Exception {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.put(new TopicPartition(topics.periods(), partition), OffsetSpec.latest());
            all.put(new TopicPartition(topics.actions(), partition), OffsetSpec.latest());
        }
        assertThat(admin.listOffsets(all).all().get()).hasSize(all.size());
    }

    private static void produce(
            long seed,
            TopicNames topics,
            int goodEvents,
            int garbageEvents,
            ReferenceView reference,
            DeadLetterCheck deadLetters)
            throws Exception {
        Random random = new Random(seed);
        Garbage garbage = new Garbage(
                random, topics.periods(), topics.actions(), PARTITIONS, HISTORIES * TEAMS_OF_A_HISTORY, 1_000);
        List<RandomHistory> histories = new ArrayList<>();
        for (int i = 0; i < HISTORIES; i++) {
            histories.add(new RandomHistory(seed + i));
        }
        List<Garbage.Bad> bad = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            int goodLeft = goodEvents;
            int garbageLeft = garbageEvents;
            while (goodLeft + garbageLeft > 0) {
                if (random.nextInt(goodLeft + garbageLeft) < goodLeft) {
                    int history = goodLeft-- % HISTORIES;
                    Event any = histories.get(history).next();
                    Event event = Rendered.forTeam((long) history * TEAMS_OF_A_HISTORY + any.teamId(), any);
                    reference.apply(event);
                    producer.send(record(topics, event));
                } else {
                    garbageLeft--;
                    bad.add(garbage.next());
                    sent.add(producer.send(bad.get(bad.size() - 1).record()));
                }
            }
        }
        for (int i = 0; i < bad.size(); i++) {
            deadLetters.expect(bad.get(i), sent.get(i).get());
        }
    }

    private static ProducerRecord<byte[], byte[]> record(TopicNames topics, Event event) {
        return new ProducerRecord<>(
                event.isPeriod() ? topics.periods() : topics.actions(),
                TeamPartitioner.partitionOf(event.teamId(), PARTITIONS),
                event.timestamp(),
                event.key().getBytes(UTF_8),
                event.value() == null ? null : event.value().getBytes(UTF_8));
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("max.request.size", 2 << 20);
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 20);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String text(double[] rates) {
        return Arrays.toString(Arrays.stream(rates).mapToLong(Math::round).toArray());
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
