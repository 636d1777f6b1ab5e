package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.testkit.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Positions and sources: what an answer says of them and what a reader can ask for, through the owner and the other. */
class FreshnessIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofTwoInstances();

    private static final String AS_STANDBY = ViewHeaders.FORWARDED + ": standby";
    private static final String ACTIONS = "/periods/1/actions";

    /** Not the common pool: it may have one thread, and the instances' HTTP clients complete their answers there. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    /** A team with the period 1 and the action 1 in it, shown by both instances. */
    private static Team newTeam() throws InterruptedException {
        Team team = service.newTeam();
        team.show(
                team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z','end_date':'2024-02-01T00:00Z'}"),
                action(team, "new"));
        team.at(service.second()).awaitShown();
        return team;
    }

    private static Event action(Team team, String status) {
        return team.action(1, "{'createdTime':'2024-01-10T00:00Z','status':'" + status + "'}");
    }

    private static List<Team> atBoth(Team team) {
        return service.instances().stream().map(team::at).toList();
    }

    @Test
    void aPositionCountsEveryOffsetAndAReaderThatAsksForItSeesTheWrite() throws Exception {
        Team team = newTeam();
        long reached = team.actionsOffset(team.get(ACTIONS));
        assertThat(reached).isNotNegative();
        // A change, the same again, one that is rejected, and a deletion of nothing: four offsets.
        team.publish(action(team, "changed"), action(team, "changed"));
        service.publisher().publishUnreferenced(team.action(1, "{"));
        service.publisher().publishUnreferenced(team.deletedAction(999));
        long wanted = reached + 4;
        for (Team asking : atBoth(team)) {
            Reply reply = asking.get(ACTIONS, "View-At-Least: " + team.actionsPosition(wanted));
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            assertThat(reply.text()).contains("\"status\":\"changed\"");
            assertThat(reply.header("View-Source")).hasValue("owner");
            assertThat(team.actionsOffset(reply)).isEqualTo(wanted);
            assertThat(team.actionsOffset(asking.get("/periods/2/actions")))
                    .as("a 404")
                    .isEqualTo(wanted);
        }
    }

    @Test
    void aReaderWaitsForAPositionThatIsNotReachedYet() throws Exception {
        Team team = newTeam();
        long next = team.actionsOffset(team.get(ACTIONS)) + 1;
        String wanted = "View-At-Least: " + team.actionsPosition(next);
        long start = System.nanoTime();
        for (CompletableFuture<Reply> each : getAtBoth(team, wanted, "Prefer: wait=1")) {
            Reply early = each.get();
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("Retry-After")).isPresent();
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(900).toNanos());
        }
        List<CompletableFuture<Reply>> waiting = getAtBoth(team, wanted, "Prefer: wait=20");
        team.publish(action(team, "late"));
        for (CompletableFuture<Reply> each : waiting) {
            assertThat(each.get().text()).contains("\"status\":\"late\"");
        }
    }

    private static List<CompletableFuture<Reply>> getAtBoth(Team team, String... headers) {
        return atBoth(team).stream()
                .map(asking -> CompletableFuture.supplyAsync(() -> asking.get(ACTIONS, headers), OWN_THREAD))
                .toList();
    }

    @Test
    void anInvalidPositionOrSourceIs400() throws Exception {
        Team team = service.newTeam();
        int other = (team.partition() + 1) % RunningService.PARTITIONS;
        for (Team asking : atBoth(team)) {
            for (String bad : List.of("x", "actions-" + other + "@0", team.actionsPosition(0) + ",")) {
                Reply reply = asking.get("/periods", "View-At-Least: " + bad);
                assertThat(reply.status()).as(bad).isEqualTo(400);
                assertThat(reply.message()).contains("partition " + team.partition());
            }
            assertThat(asking.get("/periods", "View-Source: anybody").status()).isEqualTo(400);
        }
    }

    @Test
    void aStandbysAnswerIsMarkedAsOne() throws Exception {
        Instance owner = service.second();
        Instance standby = service.first();
        Team team = service.newTeamOwnedBy(owner);
        team.show(team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z'}"), action(team, "new"));
        String owners = team.at(owner).get(ACTIONS).text();
        Team asking = team.at(standby);
        await().atMost(RunningService.TIMEOUT).untilAsserted(() -> {
            Reply reply = asking.get(ACTIONS, AS_STANDBY);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("View-Source")).hasValue("standby");
            assertThat(reply.header("View-Lag"))
                    .as("at rest, markers of transactions included")
                    .hasValue("0");
            assertThat(reply.header("View-Position")).isEmpty();
            assertThat(reply.header("ETag")).isEmpty();
            assertThat(reply.text()).isEqualTo(owners);
        });
        assertThat(asking.get("/periods/2/actions", AS_STANDBY).status()).isEqualTo(404);
        assertThat(asking.get(ACTIONS, "View-Source: owner").header("View-Source"))
                .hasValue("owner");
    }
}
