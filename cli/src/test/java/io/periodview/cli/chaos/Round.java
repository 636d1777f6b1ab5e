package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One cluster from start to end: events, faults, readers, and then the comparison. */
final class Round {

    private static final int PARTITIONS = 4;
    private static final int DISK_MEGABYTES = 80;
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);

    private final long seed;
    private final Plan plan;
    private final Path folder;
    private final Path logs;
    private final EventJournal journal;

    /**
     * @param instances two or more
     * @param seconds of faults
     * @param secondsBetween one fault and the next, on average
     * @param settings of Kafka's clients that differ from the service's own
     * @param restored whether all state is deleted in the end, and restored from the changelog
     */
    record Plan(
            int instances,
            int seconds,
            double secondsBetween,
            Duration session,
            List<String> settings,
            boolean disk,
            boolean restored) {}

    Round(long seed, Plan plan, Path folder, Path logs) {
        this.seed = seed;
        this.plan = plan;
        this.folder = folder;
        this.logs = logs;
        this.journal = new EventJournal(logs);
    }

    /** @throws AssertionError that says what differs, with the seed and what was done when */
    String run() throws IOException, InterruptedException {
        Broker broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
        List<InstanceProcess> instances = new ArrayList<>();
        try (StateDisk disk = plan.disk() ? StateDisk.mount(folder.resolve("disk"), DISK_MEGABYTES) : null) {
            try {
                for (int i = 0; i < plan.instances(); i++) {
                    Path home = i == 0 && disk != null ? disk.path() : folder.resolve("instance-" + i);
                    instances.add(
                            new InstanceProcess("instance-" + i, Files.createDirectories(home), arguments(broker)));
                }
                return run(broker, instances, disk);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        "seed " + seed + ", " + plan + ": " + e.getMessage() + "\n\n" + journal + "\n\nLogs: " + logs,
                        e);
            } finally {
                journal.close();
                for (InstanceProcess instance : instances) {
                    instance.close();
                    instance.keepLog(logs);
                }
            }
        }
    }

    private List<String> arguments(Broker broker) {
        List<String> arguments = new ArrayList<>(
                List.of("--bootstrap-servers", broker.bootstrapServers(), "--threads", "1", "--standbys", "1"));
        plan.settings().forEach(setting -> arguments.addAll(List.of("--kafka", setting)));
        return arguments;
    }

    private String run(Broker first, List<InstanceProcess> instances, @Nullable StateDisk disk) throws Exception {
        InProcessCommandLine commandLine = new InProcessCommandLine(first.bootstrapServers(), "");
        commandLine.result("topics", "--apply", "--partitions", "" + PARTITIONS);
        for (InstanceProcess instance : instances) {
            instance.start();
        }
        FaultInjector faults = new FaultInjector(seed, first, instances, disk, plan.session(), logs, journal);
        try (Producers producers = new Producers(first.bootstrapServers(), PARTITIONS, seed)) {
            Check check = new Check(
                    first.bootstrapServers(), instances, producers, folder.resolve("answers"), journal, faults);
            producers.publishStable();
            Map<Long, String> keys = keys(commandLine, producers);
            journal.note("started");
            Watcher watcher = new Watcher(seed, ports(instances), keys, check.awaitStable(keys));
            Thread reading = new Thread(watcher, "watcher");
            reading.start();
            try {
                injectFaults(faults, producers);
                Map<String, String> bodies = check.all(keys);
                journal.note("as the reference shows");
                if (plan.restored()) {
                    watcher.stop();
                    reading.join();
                    restoreAll(instances);
                    assertThat(check.all(keys))
                            .as("restored from the changelog")
                            .isEqualTo(bodies);
                    journal.note("restored, as before");
                }
            } finally {
                watcher.stop();
                reading.join();
            }
            assertThat(watcher.violations()).as("answers on the way").isEmpty();
            assertThat(watcher.statuses()).as("answers on the way").containsKey(200);
            return check + ", answers " + watcher.statuses();
        } finally {
            faults.broker().close();
        }
    }

    private void injectFaults(FaultInjector faults, Producers producers) throws Exception {
        // The broker may be down: the thread that restarts it must not wait for it.
        Publishing publishing = new Publishing(producers);
        Thread thread = new Thread(publishing, "producers");
        thread.start();
        long end = System.nanoTime() + Duration.ofSeconds(plan.seconds()).toNanos();
        long next = System.nanoTime();
        Random random = new Random(seed);
        while (System.nanoTime() < end) {
            faults.recoverDue();
            if (System.nanoTime() >= next) {
                faults.begin();
                next = System.nanoTime() + (long) (2e9 * plan.secondsBetween() * random.nextDouble());
            }
            LockSupport.parkNanos(BETWEEN_BATCHES.toNanos());
        }
        faults.recoverAll();
        publishing.stop();
        thread.join(TIMEOUT.toMillis());
        assertThat(thread.isAlive()).as("the producers go on").isFalse();
        publishing.rethrow();
        journal.note("%d batches published", publishing.batches());
    }

    private void restoreAll(List<InstanceProcess> instances) throws IOException, InterruptedException {
        for (InstanceProcess instance : instances) {
            instance.signal("TERM");
        }
        for (InstanceProcess instance : instances) {
            journal.note("%s: ended with %d", instance, instance.awaitExit(logs));
            instance.deleteState();
            instance.start();
        }
    }

    private static List<Integer> ports(List<InstanceProcess> instances) {
        return instances.stream().map(InstanceProcess::port).toList();
    }

    private static Map<Long, String> keys(InProcessCommandLine commandLine, Producers producers) {
        Map<Long, String> keys = new TreeMap<>();
        for (long team : producers.teams()) {
            keys.put(team, commandLine.result("keys", "create", "--team", "" + team, "--name", "chaos"));
        }
        return keys;
    }
}
