package io.periodview.bench.freshness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.Topics;
import io.periodview.bench.read.Connection;
import io.periodview.bench.read.Serve;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A thousand events a second of twenty teams; from each acknowledgement to the moment when a bare consumer has the event,
 * and for every tenth to the end of an HTTP answer that shows it.
 */
public final class Freshness implements Suite {

    private static final String NAME = "freshness";
    private static final String APPLICATION = "freshness-view";
    private static final String CELL = "1,000 events/s";
    private static final int EVENTS_PER_SECOND = 1_000;
    private static final int ASKED = 10;
    private static final int TEAMS = 20;
    private static final int ACTIONS = 50;
    /** Rounds until the JVM has compiled what is slow now and then: at this rate that takes a minute and more. */
    private static final int WARM_UP = 6;

    private static final int READERS = 16;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How soon after its acknowledgement can an event be read?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        Topics topics = Topics.fill(environment.broker().bootstrapServers(), "fresh.", APPLICATION, firstEvents());
        try (Serve view = Serve.start(environment, topics, APPLICATION, TEAMS)) {
            view.awaitAction(TEAMS, 1, ACTIONS);
            for (int round = 1 - WARM_UP; round <= environment.rounds(); round++) {
                Times times = run(environment, topics, view);
                System.err.printf("  %s%s%n", times, round <= 0 ? " (warm-up)" : "");
                if (round > 0) {
                    results.add(NAME, CELL + ", p50", "consumer", "ms", times.consumer(0.5));
                    results.add(NAME, CELL + ", p50", "period-view", "ms", times.view(0.5));
                    results.add(NAME, CELL + ", p99", "consumer", "ms", times.consumer(0.99));
                    results.add(NAME, CELL + ", p99", "period-view", "ms", times.view(0.99));
                }
            }
        }
        results.ratio(new Ratio(
                NAME,
                CELL + ", p99: period-view / consumer",
                results.median(NAME, CELL + ", p99", "period-view") / results.median(NAME, CELL + ", p99", "consumer"),
                2,
                true));
    }

    /** Sorted, in milliseconds. */
    private record Times(double[] consumers, double[] views) {

        double consumer(double quantile) {
            return consumers[(int) (quantile * (consumers.length - 1))];
        }

        double view(double quantile) {
            return views[(int) (quantile * (views.length - 1))];
        }

        @Override
        public String toString() {
            return String.format(
                    "consumer p50 %.2f p99 %.2f ms of %d, period-view p50 %.2f p99 %.2f ms of %d",
                    consumer(0.5), consumer(0.99), consumers.length, view(0.5), view(0.99), views.length);
        }
    }

    private static Times run(BenchEnvironment environment, Topics topics, Serve view) throws Exception {
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        Map<String, Long> consumed = new ConcurrentHashMap<>();
        AtomicBoolean stopped = new AtomicBoolean();
        List<Future<Double>> reads = new ArrayList<>();
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        CountDownLatch ready = new CountDownLatch(1);
        Thread consumer = new Thread(() -> consume(topics, consumed, ready, stopped));
        consumer.start();
        ready.await();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", topics.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Random random = new Random(1);
            int events =
                    (int) (EVENTS_PER_SECOND * Math.max(5, environment.cell().toSeconds()));
            long start = System.nanoTime();
            for (int i = 0; i < events; i++) {
                pace(start + i * (1_000_000_000L / EVENTS_PER_SECOND));
                ChangeEvent event = event(random, i);
                boolean isAsked = i % ASKED == 0;
                producer.send(Topics.record(topics.names(), event), (at, e) -> {
                    long now = System.nanoTime();
                    if (e == null) {
                        acknowledged.put(place(at), now);
                        if (isAsked) {
                            Future<Double> read = readers.submit(() -> read(view, event.team(), place(at), now));
                            synchronized (reads) {
                                reads.add(read);
                            }
                        }
                    }
                });
            }
            producer.flush();
            double[] views = new double[reads.size()];
            for (int i = 0; i < views.length; i++) {
                views[i] = reads.get(i).get();
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!consumed.keySet().containsAll(acknowledged.keySet())) {
                if (System.nanoTime() > deadline || acknowledged.size() < events) {
                    throw new IllegalStateException(acknowledged.size() + " of " + events
                            + " events were acknowledged, " + consumed.size() + " consumed");
                }
                LockSupport.parkNanos(1_000_000);
            }
            double[] consumers = acknowledged.entrySet().stream()
                    .mapToDouble(each -> Math.max(0, consumed.getOrDefault(each.getKey(), 0L) - each.getValue()) / 1e6)
                    .sorted()
                    .toArray();
            Arrays.sort(views);
            return new Times(consumers, views);
        } finally {
            stopped.set(true);
            consumer.join();
            readers.shutdown();
        }
    }

    private static void pace(long at) {
        for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Until an answer shows it: the answer waits for the position. */
    private static double read(Serve view, long team, String position, long acknowledged) throws IOException {
        Connection.Reply reply = view.ask(
                Connection.request("/periods/1/actions", view.headers(team) + "View-At-Least: " + position + "\r\n"));
        if (reply.status() != 200) {
            throw new IOException("Status " + reply.status() + " at " + position);
        }
        return (System.nanoTime() - acknowledged) / 1e6;
    }

    private static void consume(
            Topics topics, Map<String, Long> consumed, CountDownLatch ready, AtomicBoolean stopped) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", topics.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < topics.partitions(); partition++) {
                partitions.add(new TopicPartition(topics.names().actions(), partition));
            }
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            ready.countDown();
            while (!stopped.get()) {
                var records = consumer.poll(Duration.ofMillis(100));
                long now = System.nanoTime();
                records.forEach(
                        record -> consumed.put(record.topic() + "-" + record.partition() + "@" + record.offset(), now));
            }
        }
    }

    private static String place(RecordMetadata at) {
        return at.topic() + "-" + at.partition() + "@" + at.offset();
    }

    private static List<ChangeEvent> firstEvents() {
        List<ChangeEvent> events = new ArrayList<>();
        for (long team = 1; team <= TEAMS; team++) {
            events.add(new ChangeEvent(
                    true,
                    team,
                    team + "/1",
                    0,
                    "{\"name\":\"Year\",\"start_date\":\"2025-01-01T00:00:00Z\"}".getBytes(UTF_8)));
            for (int action = 1; action <= ACTIONS; action++) {
                events.add(event(team, action, "New"));
            }
        }
        return events;
    }

    private static ChangeEvent event(Random random, int number) {
        return event(1 + random.nextInt(TEAMS), 1 + random.nextInt(ACTIONS), "Active " + number);
    }

    private static ChangeEvent event(long team, int action, String status) {
        return new ChangeEvent(
                false,
                team,
                team + "/" + action,
                1_735_700_000_000L,
                ("{\"classification\":\"Category 55\",\"status\":\"" + status
                                + "\",\"createdTime\":\"2025-02-01T00:00:00Z\",\"channel\":\"Phone\","
                                + "\"formType\":\"Incident\",\"latestChannel\":\"Group 56\"}")
                        .getBytes(UTF_8));
    }
}
