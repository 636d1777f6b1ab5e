package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import io.periodview.topics.TeamPartitioner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers say of how fresh they are, and what a reader can ask of them, through the owner and through another. */
class FreshnessIT {

    private static final String AS_OWNER = Forwarder.MARK + ": owner";
    private static final String AS_STANDBY = Forwarder.MARK + ": standby";
    private static final List<Long> TEAMS = LongStream.rangeClosed(1, 8).boxed().toList();
    private static final String ACTIONS = "/periods/1/actions";

    @TempDir
    static Path directory;

    private static RunningService service;
    private static Instance first;
    private static Instance second;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = RunningService.start(directory);
        first = service.startInstance(1);
        second = service.startInstance(1);
        for (long team : TEAMS) {
            service.key(team);
        }
        RunningService.awaitReady(first, second);
        for (long team : TEAMS) {
            await().atMost(RunningService.PATIENCE)
                    .until(() -> status(first, team, AS_OWNER) + status(second, team, AS_OWNER) == 200 + 421);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static int status(Instance instance, long team, String... headers) throws InterruptedException {
        return new Client(instance.port())
                .get(service.key(team), "/periods", headers)
                .status();
    }

    /** A team with a period of January 2024 and an action in it, shown by both. */
    private static void show(long team) throws InterruptedException {
        Event period =
                service.period(team, 1, "{'name':'P','start_date':'2024-01-01T00:00Z','end_date':'2024-02-01T00:00Z'}");
        service.show(first, period, action(team, 1, "2024-01-10", "new"));
        service.awaitShown(second, team);
    }

    private static Event action(long team, long id, String day, String status) {
        return service.action(team, id, "{'createdTime':'" + day + "T00:00Z','status':'" + status + "'}");
    }

    private static Reply get(Instance instance, long team, String target, String... headers)
            throws InterruptedException {
        return new Client(instance.port()).get(service.key(team), target, headers);
    }

    private static List<Instance> both() {
        return List.of(first, second);
    }

    private static long offset(Reply reply, String topic, long team) {
        int partition = TeamPartitioner.partitionOf(team, RunningService.PARTITIONS);
        for (String entry : reply.header("View-Position").orElse("").split(",")) {
            if (entry.startsWith(topic + "-" + partition + "@")) {
                return Long.parseLong(entry.substring(entry.indexOf('@') + 1));
            }
        }
        return -1;
    }

    private static String position(long team, long offset) {
        return "actions-" + TeamPartitioner.partitionOf(team, RunningService.PARTITIONS) + "@" + offset;
    }

    @Test
    void aPositionCountsWhateverHasComeAndWhoAsksForItSeesTheWrite() throws Exception {
        long team = 1;
        show(team);
        long reached = offset(get(first, team, ACTIONS), "actions", team);
        assertThat(reached).isNotNegative();
        // A change, the same again, one that is rejected, and a deletion of nothing: four offsets.
        service.publish(List.of(action(team, 1, "2024-01-10", "changed"), action(team, 1, "2024-01-10", "changed")));
        service.publishRaw("actions", team + "/1", "{");
        service.publishRaw("actions", team + "/999", null);
        long wanted = reached + 4;
        for (Instance instance : both()) {
            Reply reply = get(instance, team, ACTIONS, "View-At-Least: " + position(team, wanted));
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            assertThat(reply.text()).contains("\"status\":\"changed\"");
            assertThat(reply.header("View-Source")).hasValue("owner");
            assertThat(offset(reply, "actions", team)).isEqualTo(wanted);
            assertThat(offset(get(instance, team, "/periods/2/actions"), "actions", team))
                    .as("a 404")
                    .isEqualTo(wanted);
        }
    }

    @Test
    void whoAsksForWhatIsToComeWaitsForIt() throws Exception {
        long team = 2;
        show(team);
        long next = offset(get(first, team, ACTIONS), "actions", team) + 1;
        String wanted = "View-At-Least: " + position(team, next);
        for (Instance instance : both()) {
            long start = System.nanoTime();
            Reply early = get(instance, team, ACTIONS, wanted, "Prefer: wait=1");
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("Retry-After")).isPresent();
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(900).toNanos());
        }
        List<CompletableFuture<Reply>> waiting = both().stream()
                .map(instance -> CompletableFuture.supplyAsync(
                        () -> new Client(instance.port()).get(keyOf(team), ACTIONS, wanted, "Prefer: wait=20")))
                .toList();
        service.publish(List.of(action(team, 1, "2024-01-10", "late")));
        for (CompletableFuture<Reply> each : waiting) {
            assertThat(each.get().text()).contains("\"status\":\"late\"");
        }
    }

    private static String keyOf(long team) {
        try {
            return service.key(team);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPositionThatMakesNoSenseIsExplained() throws Exception {
        int partition = TeamPartitioner.partitionOf(3, RunningService.PARTITIONS);
        int other = (partition + 1) % RunningService.PARTITIONS;
        for (Instance instance : both()) {
            for (String bad : List.of("x", "actions-" + other + "@0", position(3, 0) + ",")) {
                Reply reply = get(instance, 3, "/periods", "View-At-Least: " + bad);
                assertThat(reply.status()).as(bad).isEqualTo(400);
                assertThat(reply.message()).contains("partition " + partition);
            }
            assertThat(get(instance, 3, "/periods", "View-Source: anybody").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void whatHasNotChangedNeedNotComeAgain() throws Exception {
        long team = 4;
        show(team);
        for (String target : List.of(ACTIONS, ACTIONS + "?form_fields=%5B%22a%22%5D", "/periods")) {
            String tag = get(first, team, target).header("ETag").orElseThrow();
            for (Instance instance : both()) {
                Reply same = get(instance, team, target, "If-None-Match: \"other\", " + tag, "Accept-Encoding: gzip");
                assertThat(same.status()).as(target).isEqualTo(304);
                assertThat(same.header("ETag")).hasValue(tag);
                assertThat(offset(same, "actions", team)).isNotNegative();
                assertThat(get(instance, team, target, "If-None-Match: *").status())
                        .isEqualTo(304);
                assertThat(get(instance, team, target, "If-None-Match: W/\"x-1\"")
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void onlyWhatMayHaveChangedComesAgain() throws Exception {
        long team = 5;
        show(team);
        get(first, team, ACTIONS); // from now on its bounds are known
        String tag = get(first, team, ACTIONS).header("ETag").orElseThrow();

        service.show(first, action(team, 2, "2024-03-01", "elsewhere"));
        assertThat(changed(team, tag).status()).isEqualTo(304);
        service.show(first, action(team, 2, "2024-02-01", "at the end, which is outside"));
        assertThat(changed(team, tag).status()).isEqualTo(304);

        service.show(first, action(team, 2, "2024-01-01", "at the start, which is inside"));
        tag = newTag(team, tag);
        service.show(first, action(team, 2, "2024-03-01", "gone"));
        tag = newTag(team, tag);
        service.show(first, service.period(team, 1, "{'name':'Q','start_date':'2024-01-01T00:00Z'}"));
        tag = newTag(team, tag);
        service.show(first, action(team, 2, "2024-03-02", "inside the new end"));
        tag = newTag(team, tag);
        service.publish(List.of(new Event("periods", team + "/1", 0, null)));
        String last = tag;
        await().atMost(RunningService.PATIENCE).until(() -> changed(team, last).status() == 404);
    }

    private static Reply changed(long team, String tag) throws InterruptedException {
        Reply one = get(first, team, ACTIONS, "If-None-Match: " + tag);
        assertThat(get(second, team, ACTIONS, "If-None-Match: " + tag).status()).isEqualTo(one.status());
        return one;
    }

    private static String newTag(long team, String tag) throws InterruptedException {
        Reply reply = changed(team, tag);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isPresent().isNotEqualTo(Optional.of(tag));
        return reply.header("ETag").orElseThrow();
    }

    @Test
    void aStandbySaysThatItIsOne() throws Exception {
        long team = 6;
        show(team);
        Instance standby = status(first, team, AS_OWNER) == 200 ? second : first;
        String whole = get(first, team, ACTIONS).text();
        await().atMost(RunningService.PATIENCE).untilAsserted(() -> {
            Reply copy = get(standby, team, ACTIONS, AS_STANDBY);
            assertThat(copy.status()).isEqualTo(200);
            assertThat(copy.header("View-Source")).hasValue("standby");
            assertThat(copy.header("View-Lag"))
                    .as("at rest, markers of transactions included")
                    .hasValue("0");
            assertThat(copy.header("View-Position")).isEmpty();
            assertThat(copy.header("ETag")).isEmpty();
            assertThat(copy.text()).isEqualTo(whole);
        });
        assertThat(get(standby, team, "/periods/2/actions", AS_STANDBY).status())
                .isEqualTo(404);
        assertThat(get(standby, team, ACTIONS, "View-Source: owner").header("View-Source"))
                .hasValue("owner");
    }
}
