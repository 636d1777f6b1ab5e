package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances, of which each answers for the teams of both. The wire to the second can be cut. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForwardingIT {

    private static final String MARK = Forwarder.MARK + ": 1";
    private static final int ACTIONS = 300;
    private static final List<Long> TEAMS = LongStream.rangeClosed(1, 8).boxed().toList();

    @TempDir
    static Path directory;

    private static final int LARGE_ACTIONS = 20_000;
    private static final String LARGE = "/periods/9/actions?form_fields=%5B%22text%22%5D";

    private static final List<Socket> stalled = new ArrayList<>();
    private static RunningService service;
    private static Relay wire;
    private static Instance first;
    private static Instance second;
    private static Client toFirst;
    private static Client toSecond;

    /** A team that lives on each. */
    private static long firsts;

    private static long seconds;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = RunningService.start(directory);
        wire = new Relay();
        first = service.startInstance(0);
        second = service.startInstance(0, wire::to);
        toFirst = new Client(first.port());
        toSecond = new Client(second.port());
        for (long team : TEAMS) {
            service.key(team);
        }
        RunningService.awaitReady(first, second);
        await().atMost(RunningService.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> findOwners());
        List<Event> events = new ArrayList<>();
        for (long team : TEAMS) {
            events.add(service.period(team, 1, "{'name':'of " + team + "','start_date':'2024-01-01T00:00Z'}"));
            for (int i = 1; i <= ACTIONS; i++) {
                events.add(service.action(
                        team,
                        i,
                        "{'createdTime':'2024-01-01T00:00Z','status':'" + team + "','formFields':{'größe':" + i
                                + "}}"));
            }
        }
        service.publish(events);
        for (long team : TEAMS) {
            service.awaitShown(first, team);
            service.awaitShown(second, team);
        }
    }

    /** Whether every team has one owner, and each instance has teams. */
    private static boolean findOwners() throws InterruptedException {
        int atFirst = 0;
        int atSecond = 0;
        for (long team : TEAMS) {
            int one = toFirst.get(service.key(team), "/periods", MARK).status();
            int other = toSecond.get(service.key(team), "/periods", MARK).status();
            if (one == 200 && other == 421) {
                firsts = team;
                atFirst++;
            } else if (one == 421 && other == 200) {
                seconds = team;
                atSecond++;
            }
        }
        return atFirst > 0 && atSecond > 0 && atFirst + atSecond == TEAMS.size();
    }

    @AfterAll
    static void stop() throws IOException {
        for (Socket reader : stalled) {
            reader.close();
        }
        service.close();
        wire.close();
    }

    @AfterEach
    void heal() {
        wire.heal();
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
    void anyInstanceAnswersForAnyTeam(String target) throws InterruptedException {
        for (long team : List.of(firsts, seconds)) {
            String key = service.key(team);
            for (String accepted : List.of("Accept-Encoding: identity", "Accept-Encoding: gzip")) {
                Reply one = toFirst.get(key, target, accepted);
                Reply other = toSecond.get(key, target, accepted);
                assertSame(one, other);
                assertThat(one.status()).isNotIn(500, 503);
                assertSame(toFirst.head(key, target, accepted), toSecond.head(key, target, accepted));
                assertThat(toFirst.head(key, target, accepted).header("Content-Length"))
                        .isEqualTo(one.header("Content-Length"));
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
    void aKeyIsCheckedByTheInstanceThatIsAsked() {
        for (Client client : List.of(toFirst, toSecond)) {
            assertThat(client.get("nobody's", "/periods").status()).isEqualTo(401);
            assertThat(client.without("GET", "/periods/1/actions").status()).isEqualTo(401);
        }
    }

    @Test
    void aRequestThatWasSentOnIsNotSentOnAgain() throws InterruptedException {
        for (String target : List.of("/periods", "/periods/1/actions", "/periods/2/actions")) {
            assertThat(toFirst.get(service.key(seconds), target, MARK).status()).isEqualTo(421);
            assertThat(toSecond.get(service.key(firsts), target, MARK).status()).isEqualTo(421);
        }
        assertThat(toSecond.get(service.key(seconds), "/periods", MARK).status())
                .isEqualTo(200);
        assertThat(toFirst.get("nobody's", "/periods", MARK).status()).isEqualTo(401);
        assertThat(toFirst.get(service.key(seconds), "/periods/x/actions", MARK).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 200, 500, 5_000, 32_768, 40_000, 60_000})
    void anAnswerThatBreaksOffIsNoAnswer(int bytes) throws InterruptedException, IOException {
        String key = service.key(seconds);
        String whole = toSecond.get(key, "/periods/1/actions").text();
        assertThat(whole.length()).isGreaterThan(60_000);
        wire.cutAfter(bytes);
        try {
            Reply reply = toFirst.get(key, "/periods/1/actions");
            assertThat(reply.status()).isEqualTo(503);
        } catch (UncheckedIOException cutOff) {
            assertThat(cutOff).hasCauseInstanceOf(IOException.class); // the reader can tell
            assertThat(bytes).isGreaterThanOrEqualTo(20);
        }
        assertThat(toFirst.get(service.key(firsts), "/periods").status()).isEqualTo(200);
        wire.heal();
        assertThat(toFirst.get(key, "/periods/1/actions").text()).isEqualTo(whole);
    }

    @Test
    void anInstanceThatFreezesMidwayIsGivenUpSoon() throws InterruptedException {
        String key = service.key(seconds);
        String whole = toSecond.get(key, "/periods/1/actions").text();
        wire.freezeAfter(20_000);
        long asked = System.nanoTime();
        Reply reply = toFirst.get(key, "/periods/1/actions");
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(took).isLessThan(Duration.ofSeconds(15)); // five seconds; for a body alone it would wait for thirty
        wire.heal();
        await().atMost(RunningService.PATIENCE)
                .untilAsserted(
                        () -> assertThat(toFirst.get(key, "/periods/1/actions").text())
                                .isEqualTo(whole));
    }

    /** Of an answer that comes from here, and of one that comes from the other instance. */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void readersThatStopReadingHoldNothing() throws InterruptedException, IOException {
        publishLarge();
        for (Client client : List.of(toFirst, toSecond)) {
            for (int i = 0; i < 5; i++) {
                Socket reader = client.connect(4_096);
                stalled.add(reader);
                reader.getOutputStream()
                        .write(("GET " + LARGE + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + service.key(seconds)
                                        + "\r\n\r\n")
                                .getBytes(UTF_8));
                assertThat(reader.getInputStream().read()).isEqualTo('H'); // all of it is gathered
            }
        }
        assertThat(OpenIterators.count()).isZero();
        service.show(first, service.action(seconds, 1, "{'createdTime':'2024-01-01T00:00Z','status':'new'}"));
        for (Client client : List.of(toFirst, toSecond)) {
            assertThat(client.get(service.key(seconds), LARGE).status()).isEqualTo(200);
        }
        assertThat(OpenIterators.count()).isZero();
    }

    /** Far more than the buffers between a server and a client take. */
    private static void publishLarge() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        events.add(service.period(
                seconds, 9, "{'name':'large','start_date':'2023-01-01T00:00Z','end_date':'2023-01-02T00:00Z'}"));
        String text = "größer ".repeat(60);
        for (int i = 1; i <= LARGE_ACTIONS; i++) {
            events.add(service.action(
                    seconds,
                    ACTIONS + 1 + i,
                    "{'createdTime':'2023-01-01T00:00Z','formFields':{'text':'" + text + "'}}"));
        }
        service.publish(events);
        service.awaitShown(first, seconds);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whenAnInstanceIsClosedTheOtherTakesOver() throws InterruptedException {
        Map<Long, String> before = new HashMap<>();
        for (long team : TEAMS) {
            before.put(
                    team, toFirst.get(service.key(team), "/periods/1/actions").text());
        }
        String owned = Objects.requireNonNull(before.get(seconds));
        long asked = System.nanoTime();
        Thread closing = new Thread(second::close);
        closing.start();
        await().atMost(RunningService.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answers(toFirst, before) == TEAMS.size() && !closing.isAlive());
        // The readers that do not read, of the test before, were not waited for.
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        System.err.println("closed and taken over after " + took.toMillis() + " ms");
        assertThat(took).isLessThan(Duration.ofSeconds(8));
        for (long team : TEAMS) {
            assertThat(toFirst.get(service.key(team), "/periods", MARK).status())
                    .isEqualTo(200);
        }
        // It goes on: what changes now shows too, and numbers go on where they were.
        Event late = service.action(seconds, ACTIONS + 1, "{'createdTime':'2024-01-01T00:00Z'}");
        service.show(first, late);
        assertThat(toFirst.get(service.key(seconds), "/periods/1/actions").text())
                .startsWith(owned.substring(0, owned.length() - 2));
    }

    /** How many teams are answered for; the others are told to come again, and none gets anything else. */
    private static int answers(Client client, Map<Long, String> expected) throws InterruptedException {
        int answered = 0;
        for (Map.Entry<Long, String> team : expected.entrySet()) {
            Reply reply = client.get(service.key(team.getKey()), "/periods/1/actions");
            if (reply.status() != 503) {
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.text()).isEqualTo(team.getValue());
                answered++;
            }
        }
        return answered;
    }
}
