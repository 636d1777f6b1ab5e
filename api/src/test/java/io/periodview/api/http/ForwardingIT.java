package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances without standbys, of which each answers for the teams of both. The way to the second, for the first, can
 * be cut and frozen.
 */
class ForwardingIT {

    @RegisterExtension
    static final SharedBroker broker = new SharedBroker();

    private static final String FORWARDED = ViewHeaders.FORWARDED + ": 1";
    private static final String ACTIONS = "/periods/1/actions";

    /** Together more than 60 kB, so that an answer can break off at many places. */
    private static final int COUNT = 60;

    private static final String TEXT = "x".repeat(700);

    /** Bytes of an answer of the second instance: none, within the head, between the buffers of either side, near its end. */
    private static final long[] LIMITS = {0, 1, 20, 200, 500, 5_000, 32_768, 40_000, 60_000};

    private static RunningService service;
    private static Relay relay;
    private static Instance first;
    private static Instance second;

    /** Teams that live on the first and on the second instance; both ask the first. */
    private static Team firsts;

    private static Team seconds;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = broker.newService("forwarding", 0);
        relay = new Relay();
        first = service.startInstance();
        second = service.startInstance(relay::to, List.of());
        service.awaitReady();
        firsts = newTeam(first);
        seconds = newTeam(second);
    }

    private static Team newTeam(Instance owner) throws InterruptedException {
        Team team = service.teamOwnedBy(owner, first);
        List<Event> events = new ArrayList<>();
        events.add(team.period(1, "{'name':'of " + team.id() + "','start_date':'2024-01-01T00:00Z'}"));
        for (int i = 1; i <= COUNT; i++) {
            events.add(team.action(
                    i,
                    "{'createdTime':'2024-01-01T00:00Z','status':'" + team.id() + TEXT + "','formFields':{'größe':" + i
                            + "}}"));
        }
        team.show(events.toArray(Event[]::new));
        team.at(second).awaitShown();
        return team;
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        relay.close();
    }

    @AfterEach
    void heal() {
        relay.heal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%22", "\"", "\u00fc"})
    void aQueryThatIsTooLongIsRefusedAlikeByTheOwnerAndThroughAnother(String text) {
        for (int length : new int[] {2_000, 14_000, 60_000}) {
            String target = "/periods?x=" + text.repeat(length / text.length());
            Reply direct = seconds.at(second).get(target);
            assertThat(direct.status()).isEqualTo(length >= 60_000 ? 414 : direct.status());
            Reply forwarded = seconds.get(target);
            assertThat(forwarded.status()).isEqualTo(direct.status()).isIn(200, 414);
            assertThat(forwarded.status() == 414 ? forwarded.message() : "")
                    .isEqualTo(direct.status() == 414 ? direct.message() : "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/periods",
                "/periods?start_date=2023-01-01T00:00:00+02:00",
                "/periods?end_date=2024-01-01T02:00%2B02:00",
                "/periods?start_date=x",
                "/periods/1/actions",
                "/periods/%31/actions",
                "/periods/1/actions?form_fields=%5B%22gr%C3%B6%C3%9Fe%22%5D",
                "/periods/1/actions?form_fields=[\"größe\",\"a|b\"]&x=%zz&{^}=\\",
                "/periods/1/actions?form_fields=%5B%22%25%22,%22%22%5D",
                "/periods/1/actions?form_fields=x",
                "/periods/2/actions",
                "/periods/0/actions",
                "/periods/x/actions"
            })
    void anyInstanceAnswersForAnyTeam(String target) {
        for (Team team : List.of(firsts, seconds)) {
            for (String accepted : List.of("Accept-Encoding: identity", "Accept-Encoding: gzip")) {
                Reply one = team.get(target, accepted);
                assertSame(one, team.at(second).get(target, accepted));
                assertThat(one.status()).isNotIn(500, 503);
                Reply head = team.head(target, accepted);
                assertSame(head, team.at(second).head(target, accepted));
                assertThat(head.header("Content-Length")).isEqualTo(one.header("Content-Length"));
            }
        }
    }

    private static void assertSame(Reply one, Reply other) {
        assertThat(one.status()).isEqualTo(other.status());
        assertThat(one.body()).isEqualTo(other.body());
        Map<String, List<String>> headers = new HashMap<>(one.headers());
        headers.put("date", other.headers().get("date"));
        assertThat(headers).isEqualTo(other.headers());
    }

    @Test
    void theInstanceThatIsAskedChecksTheKey() {
        for (Instance instance : List.of(first, second)) {
            Client client = new Client(instance.port());
            assertThat(client.get("nobody's", "/periods").status()).isEqualTo(401);
            assertThat(client.without("GET", ACTIONS).status()).isEqualTo(401);
        }
    }

    @Test
    void aForwardedRequestIsNotForwardedAgain() {
        for (String target : List.of("/periods", ACTIONS, "/periods/2/actions")) {
            assertThat(seconds.get(target, FORWARDED).status()).isEqualTo(421);
            assertThat(firsts.at(second).get(target, FORWARDED).status()).isEqualTo(421);
        }
        assertThat(seconds.at(second).get("/periods", FORWARDED).status()).isEqualTo(200);
        assertThat(new Client(first.port())
                        .get("nobody's", "/periods", FORWARDED)
                        .status())
                .isEqualTo(401);
        assertThat(seconds.get("/periods/x/actions", FORWARDED).status()).isEqualTo(400);
    }

    /** As many clients at once as there are places to cut; each is tried again, until it is refused, at other places. */
    @Test
    void anAnswerThatBreaksOffIsNotPassedOn() throws Exception {
        String complete = seconds.get(ACTIONS).text();
        assertThat(complete.length()).isGreaterThan(60_000);
        ExecutorService clients = Executors.newFixedThreadPool(LIMITS.length);
        try {
            relay.cutAfter(LIMITS);
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < LIMITS.length; i++) {
                replies.add(CompletableFuture.supplyAsync(() -> seconds.get(ACTIONS), clients));
            }
            assertThat(firsts.get("/periods").status()).isEqualTo(200);
            for (CompletableFuture<Reply> each : replies) {
                assertThat(each.get().status()).isEqualTo(503);
            }
            assertThat(relay.connections()).isGreaterThan(2 * LIMITS.length);
        } finally {
            clients.shutdownNow();
        }
        relay.heal();
        assertThat(seconds.get(ACTIONS).text()).isEqualTo(complete);
    }

    @Test
    void aFrozenInstanceIsGivenUpSoon() {
        String complete = seconds.get(ACTIONS).text();
        relay.freezeAfter(20_000);
        long asked = System.nanoTime();
        // With a position and no time to wait, it is tried once; without, it would be tried for five seconds.
        String position = "View-At-Least: " + seconds.actionsPosition(0);
        Reply reply = seconds.get(ACTIONS, position, "Prefer: wait=0");
        assertThat(reply.status()).isEqualTo(503);
        // For a body alone it would wait for thirty seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(15));
        relay.heal();
        await().atMost(RunningService.TIMEOUT)
                .untilAsserted(() -> assertThat(seconds.get(ACTIONS).text()).isEqualTo(complete));
    }
}
