package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InstanceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances come, go and die under load, with the service's own settings; prints what readers saw. */
@Tag("slow")
class InstancesIT {

    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A younger event may still be in flight. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int READS_AFTER = 200;

    @TempDir
    Path folder;

    private Cluster cluster;
    private Traffic traffic;

    @BeforeEach
    void startBroker() throws Exception {
        cluster = Cluster.start(folder);
        traffic = cluster.traffic();
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    @Test
    void readersDoNotNoticeInstancesComingAndGoing() throws Exception {
        InstanceProcess first = cluster.start("first");
        cluster.awaitServing(first);
        traffic.start();

        phase("1 -> 3 instances", GRACE, () -> {
            InstanceProcess second = cluster.start("second");
            InstanceProcess third = cluster.start("third");
            cluster.awaitServing(second, third);
            cluster.awaitStandbys();
        });
        for (InstanceProcess each : cluster.instances()) {
            phase("rolling restart: " + each, GRACE, () -> {
                cluster.stop(each);
                each.start();
                cluster.awaitServing(each);
                cluster.awaitStandbys();
            });
        }
        for (InstanceProcess each : cluster.instances()) {
            phase("kill -9 of " + each, SESSION.plus(GRACE), () -> {
                cluster.kill(each);
                cluster.awaitOwners();
            });
            each.start();
            cluster.awaitServing(each);
            cluster.awaitStandbys();
        }
        phase("3 -> 1 instances", GRACE, () -> {
            for (InstanceProcess each :
                    cluster.instances().subList(1, cluster.instances().size())) {
                cluster.stop(each);
            }
        });
    }

    @Test
    void standbysAnswerForAnUnreachableInstance() throws Exception {
        InstanceProcess first = cluster.start("first");
        cluster.awaitServing(first);
        traffic.start();
        phase("addresses that lead elsewhere", GRACE, () -> {
            String nowhere = "no-such-host.invalid:80";
            InstanceProcess second = cluster.start("second", "--advertise", nowhere);
            second.process().awaitErr("Other instances cannot reach this one at " + nowhere);
            cluster.awaitServing(second);
            cluster.awaitStandbys();
            InstanceProcess third = cluster.start("third", "--advertise", "127.0.0.1:" + first.port());
            assertThat(third.awaitExit(Cluster.logs())).isEqualTo(1);
        });
        assertThat(traffic.reads().stream().filter(Traffic.Read::standby).count())
                .as("of the second's teams, through the first")
                .isPositive();
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
        await().atMost(Cluster.TIMEOUT)
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
        traffic.compare(Cluster.TIMEOUT);
    }
}
