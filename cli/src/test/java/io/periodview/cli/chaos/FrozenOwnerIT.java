package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InstanceProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner that is frozen, and woken when its partitions have another owner. */
@Tag("slow")
class FrozenOwnerIT {

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
    void aFrozenOwnerCostsOneTimeout() throws Exception {
        InstanceProcess first = cluster.start("first");
        InstanceProcess second = cluster.start("second");
        cluster.awaitServing(first, second);
        cluster.awaitStandbys();
        List<Long> frozenTeams = new ArrayList<>();
        for (long team : traffic.events().teams()) {
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
            await().atMost(Cluster.TIMEOUT).until(() -> cluster.isOwner(first, team));
        }
        for (long team : frozenTeams) {
            traffic.events().write(team);
        }
        second.signal("CONT");
        long woken = System.nanoTime();
        int asked = 0;
        int refused = 0;
        while (System.nanoTime() - woken < Duration.ofSeconds(10).toNanos()) {
            long team = frozenTeams.get(asked++ % frozenTeams.size());
            HttpResponse<String> read = traffic.get(second, team, "View-Forwarded", "owner");
            if (read.statusCode() == 200) {
                assertThat(Traffic.shown(read))
                        .as("an owner's answer")
                        .isEqualTo(traffic.events().lastNumber(team));
            } else {
                assertThat(read.statusCode()).isEqualTo(421);
                refused++;
            }
        }
        System.err.printf("woken: refused to answer as owner %d of %d times%n", refused, asked);
        assertThat(refused).isPositive();
    }
}
