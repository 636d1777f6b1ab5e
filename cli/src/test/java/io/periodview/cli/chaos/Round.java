package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.InProcessCommandLine;
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

/** One cluster from its start to its end: events, mischief, readers, and then the comparison. */
final class Round {

    private static final int PARTITIONS = 4;
    private static final int DISK_MEGABYTES = 80;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);

    private final long seed;
    private final Plan plan;
    private final Path folder;
    private final Path logs;
    private final EventJournal diary;

    /**
     * @param instances two or more
     * @param seconds of mischief
     * @param secondsBetween one thing and the next, on average
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
        this.diary = new EventJournal(logs);
    }

    /** @throws AssertionError that says what differs, with the seed and what was done when */
    String run() throws IOException, InterruptedException {
        Broker broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
        List<Member> members = new ArrayList<>();
        try (StateDisk disk = plan.disk() ? StateDisk.mount(folder.resolve("disk"), DISK_MEGABYTES) : null) {
            try {
                for (int i = 0; i < plan.instances(); i++) {
                    Path home = i == 0 && disk != null ? disk.path() : folder.resolve("instance-" + i);
                    members.add(new Member("instance-" + i, Files.createDirectories(home), arguments(broker)));
                }
                return run(broker, members, disk);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(
                        "seed " + seed + ", " + plan + ": " + e.getMessage() + "\n\n" + diary + "\n\nLogs: " + logs, e);
            } finally {
                diary.close();
                for (Member member : members) {
                    member.close();
                    member.keepLog(logs);
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

    private String run(Broker first, List<Member> members, @Nullable StateDisk disk) throws Exception {
        InProcessCommandLine commandLine = new InProcessCommandLine(first.bootstrapServers(), "");
        commandLine.result("topics", "--apply", "--partitions", "" + PARTITIONS);
        for (Member member : members) {
            member.start();
        }
        FaultInjector mischief = new FaultInjector(seed, first, members, disk, plan.session(), logs, diary);
        try (Producers producers = new Producers(first.bootstrapServers(), PARTITIONS, seed)) {
            Check check =
                    new Check(first.bootstrapServers(), members, producers, folder.resolve("answers"), diary, mischief);
            producers.publishStable();
            Map<Long, String> keys = keys(commandLine, producers);
            diary.note("started");
            Watcher watcher = new Watcher(seed, ports(members), keys, check.awaitStable(keys));
            Thread reading = new Thread(watcher, "watcher");
            reading.start();
            try {
                makeMischief(mischief, producers);
                Map<String, String> bodies = check.all(keys);
                diary.note("as the reference shows");
                if (plan.restored()) {
                    watcher.stop();
                    reading.join();
                    restoreAll(members);
                    assertThat(check.all(keys))
                            .as("restored from the changelog")
                            .isEqualTo(bodies);
                    diary.note("restored, as before");
                }
            } finally {
                watcher.stop();
                reading.join();
            }
            assertThat(watcher.violations()).as("answers on the way").isEmpty();
            assertThat(watcher.statuses()).as("answers on the way").containsKey(200);
            return check + ", answers " + watcher.statuses();
        } finally {
            mischief.broker().close();
        }
    }

    private void makeMischief(FaultInjector mischief, Producers producers) throws Exception {
        // The broker may be away: whoever brings it back does not wait for it.
        Publishing publishing = new Publishing(producers);
        Thread thread = new Thread(publishing, "producers");
        thread.start();
        long end = System.nanoTime() + Duration.ofSeconds(plan.seconds()).toNanos();
        long next = System.nanoTime();
        Random random = new Random(seed);
        while (System.nanoTime() < end) {
            mischief.mendDue();
            if (System.nanoTime() >= next) {
                mischief.begin();
                next = System.nanoTime() + (long) (2e9 * plan.secondsBetween() * random.nextDouble());
            }
            LockSupport.parkNanos(BETWEEN_BATCHES.toNanos());
        }
        mischief.mendAll();
        publishing.stop();
        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).as("the producers go on").isFalse();
        publishing.rethrow();
        diary.note("%d batches published", publishing.batches());
    }

    private void restoreAll(List<Member> members) throws IOException, InterruptedException {
        for (Member member : members) {
            member.signal("TERM");
        }
        for (Member member : members) {
            diary.note("%s: ended with %d", member, member.ended(logs));
            member.deleteState();
            member.start();
        }
    }

    private static List<Integer> ports(List<Member> members) {
        return members.stream().map(Member::port).toList();
    }

    private static Map<Long, String> keys(InProcessCommandLine commandLine, Producers producers) {
        Map<Long, String> keys = new TreeMap<>();
        for (long team : producers.teams()) {
            keys.put(team, commandLine.result("keys", "create", "--team", "" + team, "--name", "chaos"));
        }
        return keys;
    }
}
