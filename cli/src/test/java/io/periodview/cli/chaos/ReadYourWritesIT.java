package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InstanceProcess;
import io.periodview.topics.RecordOffset;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients read what they have just written, through any instance, while one is killed again and again. */
@Tag("slow")
class ReadYourWritesIT {

    private static final int PAIRS = Integer.getInteger("periodview.pairs", 10_000);
    private static final int PRODUCERS = 4;
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Cluster cluster;
    private Traffic traffic;

    @BeforeEach
    void startBroker() throws Exception {
        cluster = Cluster.start(folder);
        traffic = cluster.traffic();
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        cluster.close();
    }

    @Test
    void aWriteIsReadThroughAnyInstance() throws Exception {
        for (String name : List.of("first", "second", "third")) {
            cluster.start(name);
        }
        cluster.awaitServing(cluster.instances().toArray(InstanceProcess[]::new));
        cluster.awaitStandbys();
        AtomicInteger later = new AtomicInteger();
        AtomicInteger pairs = new AtomicInteger();
        List<Future<Void>> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Random random = new Random(i);
            // Each has teams of its own, so that no other changes their numbers.
            List<Long> own = new ArrayList<>();
            for (int team = i; team < traffic.events().teams().size(); team += PRODUCERS) {
                own.add(traffic.events().teams().get(team));
            }
            producers.add(threads.submit(() -> {
                while (pairs.incrementAndGet() <= PAIRS) {
                    pair(random, own.get(random.nextInt(own.size())), later);
                }
                return null;
            }));
        }
        InstanceProcess victim = cluster.instances().get(1);
        while (producers.stream().anyMatch(producer -> !producer.isDone())) {
            cluster.kill(victim);
            awaitMore(pairs, 500, producers); // a supervisor takes time, too
            victim.start();
            cluster.awaitServing(victim);
            awaitMore(pairs, 500, producers);
        }
        for (Future<Void> producer : producers) {
            producer.get();
        }
        System.err.printf(
                "%d pairs, all seen; asked again after a 503 or a broken connection: %d%n", PAIRS, later.get());
    }

    private static void awaitMore(AtomicInteger pairs, int more, List<Future<Void>> producers) {
        int until = Math.min(PAIRS, pairs.get() + more);
        await().atMost(Cluster.TIMEOUT).until(() -> {
            for (Future<Void> producer : producers) {
                if (producer.isDone()) {
                    producer.get(); // or why it failed
                }
            }
            return pairs.get() >= until;
        });
    }

    private void pair(Random random, long team, AtomicInteger later) throws Exception {
        RecordMetadata at = traffic.events().write(team);
        String position = new RecordOffset(at.topic(), at.partition(), at.offset()).toString();
        long deadline = System.nanoTime() + Cluster.TIMEOUT.toNanos();
        while (true) {
            List<InstanceProcess> serving = cluster.instances().stream()
                    .filter(InstanceProcess::isAlive)
                    .toList();
            InstanceProcess instance = serving.get(random.nextInt(serving.size()));
            try {
                HttpResponse<String> read = traffic.get(instance, team, "View-At-Least", position, "Prefer", "wait=30");
                if (read.statusCode() == 200) {
                    assertThat(Traffic.shown(read))
                            .as("team %d, %s through %s", team, position, instance)
                            .isEqualTo(traffic.events().lastNumber(team));
                    return;
                }
                assertThat(read.statusCode()).as(read.body()).isEqualTo(503);
            } catch (IOException e) {
                assertThat(instance).isSameAs(cluster.instances().get(1)); // which is being killed, or starts
            }
            later.incrementAndGet();
            assertThat(System.nanoTime()).as("%s is not reached", position).isLessThan(deadline);
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
        }
    }
}
