package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.topics.RecordOffset;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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

/** Instances come, go, die and freeze under load, with the service's own settings; prints what readers saw. */
@Tag("slow")
class InstancesIT {

    private static final int PARTITIONS = 6;
    private static final int PAIRS = Integer.getInteger("periodview.pairs", 10_000);
    private static final int PRODUCERS = 4;
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A younger event may still be in flight. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(20);
    private static final int READS_AFTER = 200;

    @TempDir
    Path folder;

    private final List<InstanceProcess> instances = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Broker broker;
    private Traffic traffic;

    @BeforeEach
    void startBroker() throws Exception {
        broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
        InProcessCommandLine commandLine = new InProcessCommandLine(broker.bootstrapServers(), "");
        commandLine.result("topics", "--apply", "--partitions", "" + PARTITIONS);
        long seed = new Random().nextLong();
        System.err.println("seed " + seed);
        traffic = new Traffic(seed, broker.bootstrapServers(), PARTITIONS, commandLine);
        traffic.publishFirst();
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        traffic.close();
        for (InstanceProcess instance : instances) {
            instance.close();
            instance.keepLog(Path.of("target", "instances").toAbsolutePath());
        }
        broker.close();
    }

    @Test
    void readersDoNotNoticeInstancesComingAndGoing() throws Exception {
        InstanceProcess first = start("first");
        awaitServing(first);
        traffic.start();

        phase("1 -> 3 instances", GRACE, () -> {
            InstanceProcess second = start("second");
            InstanceProcess third = start("third");
            awaitServing(second, third);
            awaitStandbys();
        });
        for (InstanceProcess each : List.copyOf(instances)) {
            phase("rolling restart: " + each, GRACE, () -> {
                stop(each);
                each.start();
                awaitServing(each);
                awaitStandbys();
            });
        }
        for (InstanceProcess each : List.copyOf(instances)) {
            phase("kill -9 of " + each, SESSION.plus(GRACE), () -> {
                traffic.exclude(each);
                each.signal("KILL");
                each.awaitExit(logs());
                awaitOwners();
            });
            each.start();
            awaitServing(each);
            awaitStandbys();
        }
        phase("3 -> 1 instances", GRACE, () -> {
            for (InstanceProcess each : List.copyOf(instances.subList(1, instances.size()))) {
                stop(each);
            }
        });
    }

    @Test
    void aWriteIsReadThroughAnyInstance() throws Exception {
        for (String name : List.of("first", "second", "third")) {
            start(name);
        }
        awaitServing(instances.toArray(InstanceProcess[]::new));
        awaitStandbys();
        AtomicInteger later = new AtomicInteger();
        AtomicInteger pairs = new AtomicInteger();
        List<Future<Void>> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Random random = new Random(i);
            // Each has teams of its own, so that no other changes their numbers.
            List<Long> own = new ArrayList<>();
            for (int team = i; team < traffic.teams().size(); team += PRODUCERS) {
                own.add(traffic.teams().get(team));
            }
            producers.add(threads.submit(() -> {
                while (pairs.incrementAndGet() <= PAIRS) {
                    pair(random, own.get(random.nextInt(own.size())), later);
                }
                return null;
            }));
        }
        InstanceProcess victim = instances.get(1);
        while (producers.stream().anyMatch(producer -> !producer.isDone())) {
            traffic.exclude(victim);
            victim.signal("KILL");
            victim.awaitExit(logs());
            awaitMore(pairs, 500, producers); // a supervisor takes time, too
            victim.start();
            awaitServing(victim);
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
        await().atMost(TIMEOUT).until(() -> {
            for (Future<Void> producer : producers) {
                if (producer.isDone()) {
                    producer.get(); // or why it failed
                }
            }
            return pairs.get() >= until;
        });
    }

    private void pair(Random random, long team, AtomicInteger later) throws Exception {
        RecordMetadata at = traffic.write(team);
        String position = new RecordOffset(at.topic(), at.partition(), at.offset()).toString();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            List<InstanceProcess> serving =
                    instances.stream().filter(InstanceProcess::isAlive).toList();
            InstanceProcess instance = serving.get(random.nextInt(serving.size()));
            try {
                HttpResponse<String> read = traffic.get(instance, team, "View-At-Least", position, "Prefer", "wait=30");
                if (read.statusCode() == 200) {
                    assertThat(Traffic.shown(read))
                            .as("team %d, %s through %s", team, position, instance)
                            .isEqualTo(traffic.lastNumber(team));
                    return;
                }
                assertThat(read.statusCode()).as(read.body()).isEqualTo(503);
            } catch (IOException e) {
                assertThat(instance).isSameAs(instances.get(1)); // which is being killed, or starts
            }
            later.incrementAndGet();
            assertThat(System.nanoTime()).as("%s is not reached", position).isLessThan(deadline);
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
        }
    }

    @Test
    void standbysAnswerForAnUnreachableInstance() throws Exception {
        InstanceProcess first = start("first");
        awaitServing(first);
        traffic.start();
        phase("addresses that lead elsewhere", GRACE, () -> {
            String nowhere = "no-such-host.invalid:80";
            InstanceProcess second = start("second", "--advertise", nowhere);
            second.process().awaitErr("Other instances cannot reach this one at " + nowhere);
            awaitServing(second);
            awaitStandbys();
            InstanceProcess third = start("third", "--advertise", "127.0.0.1:" + first.port());
            assertThat(third.awaitExit(logs())).isEqualTo(1);
        });
        assertThat(traffic.reads().stream().filter(Traffic.Read::standby).count())
                .as("of the second's teams, through the first")
                .isPositive();
    }

    @Test
    void aFrozenOwnerCostsOneTimeout() throws Exception {
        InstanceProcess first = start("first");
        InstanceProcess second = start("second");
        awaitServing(first, second);
        awaitStandbys();
        List<Long> frozenTeams = new ArrayList<>();
        for (long team : traffic.teams()) {
            if (traffic.get(second, team, "View-Forwarded", "owner").statusCode() == 200) {
                frozenTeams.add(team);
            }
        }
        assertThat(frozenTeams).isNotEmpty();

        second.signal("STOP");
        long frozen = System.nanoTime();
        List<Duration> took = new ArrayList<>();
        while (System.nanoTime() - frozen < Duration.ofSeconds(8).toNanos()) {
            long team = frozenTeams.get(took.size() % frozenTeams.size());
            long start = System.nanoTime();
            HttpResponse<String> read = traffic.get(first, team);
            took.add(Duration.ofNanos(System.nanoTime() - start));
            assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
            assertThat(read.headers().firstValue("View-Source")).hasValue("standby");
        }
        Duration firstRead = took.remove(0);
        Duration slowest = took.stream().max(Comparator.naturalOrder()).orElseThrow();
        System.err.printf(
                "frozen owner: the first read took %d ms, the slowest of %d others %d ms%n",
                firstRead.toMillis(), took.size(), slowest.toMillis());
        assertThat(firstRead).isLessThan(Duration.ofSeconds(4));
        assertThat(slowest).isLessThan(Duration.ofSeconds(1));

        for (long team : frozenTeams) {
            await().atMost(TIMEOUT).until(() -> isOwner(first, team));
        }
        for (long team : frozenTeams) {
            traffic.write(team);
        }
        second.signal("CONT");
        long woken = System.nanoTime();
        int asked = 0;
        int refused = 0;
        while (System.nanoTime() - woken < Duration.ofSeconds(10).toNanos()) {
            long team = frozenTeams.get(asked++ % frozenTeams.size());
            HttpResponse<String> read = traffic.get(second, team, "View-Forwarded", "owner");
            if (read.statusCode() == 200) {
                assertThat(Traffic.shown(read)).as("an owner's answer").isEqualTo(traffic.lastNumber(team));
            } else {
                assertThat(read.statusCode()).isEqualTo(421);
                refused++;
            }
        }
        System.err.printf("woken: refused to answer as owner %d of %d times%n", refused, asked);
        assertThat(refused).isPositive();
    }

    private boolean isOwner(InstanceProcess instance, long team) throws IOException, InterruptedException {
        return traffic.get(instance, team, "View-Forwarded", "owner").statusCode() == 200;
    }

    private interface Step {
        void run() throws Exception;
    }

    /**
     * Runs a step; no answer may be stale later than {@code until} after its beginning, and in the end every period must
     * equal the reference's.
     */
    private void phase(String title, Duration until, Step step) throws Exception {
        traffic.mark();
        long start = System.nanoTime();
        step.run();
        int soFar = traffic.reads().size();
        await().atMost(TIMEOUT)
                .until(() -> traffic.reads().size() > soFar + READS_AFTER); // they belong to the phase, too
        List<Traffic.Read> reads = traffic.reads();
        Duration worst = reads.stream()
                .map(Traffic.Read::stale)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Duration last = reads.stream()
                .filter(read -> read.stale().compareTo(FRESH) > 0)
                .map(read -> Duration.ofNanos(read.at() - start))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        Duration slowest = reads.stream()
                .map(Traffic.Read::took)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        long standby = reads.stream().filter(Traffic.Read::standby).count();
        long kept = reads.stream().filter(Traffic.Read::kept).count();
        System.err.printf(
                "%-28s %6d reads, %5d by standbys, %5d not modified, %d failed; stalest %.2f s, last stale one after %.1f s; slowest"
                        + " %.2f s%n",
                title,
                reads.size(),
                standby,
                kept,
                traffic.failures().size(),
                worst.toMillis() / 1e3,
                last.toMillis() / 1e3,
                slowest.toMillis() / 1e3);
        assertThat(traffic.failures()).as(title).isEmpty();
        if (until.compareTo(GRACE) > 0) {
            assertThat(last).as("%s: the last stale answer", title).isLessThan(until);
            assertThat(standby).as("%s: by standbys", title).isPositive();
        } else {
            assertThat(worst).as("%s: the stalest answer", title).isLessThan(until);
        }
        traffic.compare(TIMEOUT);
    }

    private InstanceProcess start(String name, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--bootstrap-servers", broker.bootstrapServers(), "--threads", "1"));
        arguments.addAll(List.of(more));
        InstanceProcess instance = new InstanceProcess(name, Files.createDirectories(folder.resolve(name)), arguments);
        instances.add(instance);
        instance.start();
        return instance;
    }

    private void stop(InstanceProcess instance) throws IOException, InterruptedException {
        traffic.exclude(instance);
        instance.signal("TERM");
        assertThat(instance.awaitExit(logs())).isZero();
    }

    private static Path logs() {
        return Path.of("target", "instances").toAbsolutePath();
    }

    /** Waits until they answer for every team, then adds them to those that clients ask. */
    private void awaitServing(InstanceProcess... started) {
        for (InstanceProcess instance : started) {
            await().atMost(TIMEOUT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> answersForAll(instance));
            traffic.include(instance);
        }
    }

    private boolean answersForAll(InstanceProcess instance) throws IOException, InterruptedException {
        for (long team : traffic.teams()) {
            if (traffic.get(instance, team).statusCode() != 200) {
                return false;
            }
        }
        return true;
    }

    /** Waits until every team has an owner among the running instances. */
    private void awaitOwners() {
        await().atMost(TIMEOUT).until(() -> countOf("owner") == traffic.teams().size());
    }

    /** Waits until every team has an owner and a standby. */
    private void awaitStandbys() {
        await().atMost(TIMEOUT)
                .until(() -> countOf("owner") == traffic.teams().size()
                        && countOf("standby") >= traffic.teams().size());
    }

    private int countOf(String role) throws IOException, InterruptedException {
        int count = 0;
        for (InstanceProcess instance : instances) {
            for (long team : instance.isAlive() ? traffic.teams() : List.<Long>of()) {
                HttpResponse<String> response = traffic.get(instance, team, "View-Forwarded", role);
                count += response.statusCode() == 200 ? 1 : 0;
            }
        }
        return count;
    }
}
