package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.api.status.Setting;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The end of two instances without standbys: one after the other is closed, while clients do not read and while they
 * wait. No key comes into the log in all their life, and no error.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShutdownIT {

    @RegisterExtension
    static final SharedBroker broker = new SharedBroker();

    private static final String ACTIONS = "/periods/1/actions";

    /** Each has a part of 8 MB, far more than the buffers between a server and a client take. */
    private static final int LARGE_ACTIONS = 1_000;

    private static final String LARGE = "/periods/9/actions?form_fields=%5B%22text%22%5D";
    private static final int SMALL_ACTIONS = 20;

    private static final List<Socket> stalled = new ArrayList<>();
    private static LogLines log;
    private static RunningService service;
    private static Instance first;
    private static Instance second;

    /** One in each partition; they ask the first instance. */
    private static final List<Team> teams = new ArrayList<>();

    /** A team that lives on the second instance, with a large period besides, 9. */
    private static Team moving;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        log = LogLines.open();
        service = broker.newService("shutdown", 0);
        first = service.startInstance(
                port -> port, List.of(Setting.ofKafka("ssl.key.password", "s3cret"), Setting.ofKafka("linger.ms", 7)));
        second = service.startInstance();
        service.awaitReady();
        moving = service.teamOwnedBy(second, first);
        for (int partition = 0; partition < RunningService.PARTITIONS; partition++) {
            teams.add(partition == moving.partition() ? moving : service.teamIn(partition, first));
        }
        for (Team team : teams) {
            List<Event> events = new ArrayList<>();
            events.add(team.period(1, "{'name':'of " + team.id() + "','start_date':'2024-01-01T00:00Z'}"));
            for (int i = 1; i <= SMALL_ACTIONS; i++) {
                events.add(team.action(i, "{'createdTime':'2024-01-01T00:00Z','status':'" + team.id() + "'}"));
            }
            team.show(events.toArray(Event[]::new));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        closeStalled();
        service.close();
        log.close();
        assertThat(log.requests()).isNotEmpty();
        LogCheck.assertQuiet(log, List.copyOf(service.publisher().keys()));
    }

    private static void closeStalled() throws IOException {
        for (Socket each : stalled) {
            each.close();
        }
    }

    /** Of an answer that comes from the instance itself, and of one that it has from the other. */
    @Test
    @Order(1)
    void clientsThatStopReadingHoldNoIterator() throws InterruptedException, IOException {
        publishLarge();
        for (Instance instance : List.of(first, second)) {
            for (int i = 0; i < 5; i++) {
                Socket socket = new Client(instance.port()).connect(4_096);
                stalled.add(socket);
                socket.getOutputStream()
                        .write(("GET " + LARGE + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + moving.key()
                                        + "\r\n\r\n")
                                .getBytes(UTF_8));
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // all of the answer is buffered
            }
        }
        assertThat(OpenIterators.count()).isZero();
        moving.show(moving.action(1, "{'createdTime':'2024-01-01T00:00Z','status':'new'}"));
        for (Instance instance : List.of(first, second)) {
            assertThat(moving.at(instance).get(LARGE).status()).isEqualTo(200);
        }
        assertThat(OpenIterators.count()).isZero();
    }

    private static void publishLarge() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        events.add(
                moving.period(9, "{'name':'large','start_date':'2023-01-01T00:00Z','end_date':'2023-01-02T00:00Z'}"));
        String text = "größer ".repeat(900);
        for (int i = 1; i <= LARGE_ACTIONS; i++) {
            events.add(moving.action(
                    1_000 + i, "{'createdTime':'2023-01-01T00:00Z','formFields':{'text':'" + text + "'}}"));
        }
        moving.show(events.toArray(Event[]::new));
    }

    @Test
    @Order(2)
    void theOtherInstanceTakesOverSoonDespiteStalledClients() throws InterruptedException {
        Map<Team, String> before = new LinkedHashMap<>();
        for (Team team : teams) {
            before.put(team, team.get(ACTIONS).text());
        }
        String owned = moving.get(ACTIONS).text();
        long asked = System.nanoTime();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(second::close);
        await().atMost(RunningService.TIMEOUT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answered(before) == teams.size() && closing.isDone());
        closing.join();
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        assertThat(took).as("the stalled clients are not waited for").isLessThan(Duration.ofSeconds(8));
        for (Team team : teams) {
            assertThat(team.get("/periods", ViewHeaders.FORWARDED + ": owner").status())
                    .isEqualTo(200);
        }
        // Later changes show as well, and numbers go on where they were.
        moving.show(moving.action(SMALL_ACTIONS + 1, "{'createdTime':'2024-01-01T00:00Z'}"));
        assertThat(moving.get(ACTIONS).text()).startsWith(owned.substring(0, owned.length() - 2));
    }

    /** How many teams are answered; the others must get a 503, and none anything else. */
    private static int answered(Map<Team, String> expected) {
        int answered = 0;
        for (Map.Entry<Team, String> each : expected.entrySet()) {
            Reply reply = each.getKey().get(ACTIONS);
            if (reply.status() != 503) {
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.text()).isEqualTo(each.getValue());
                answered++;
            }
        }
        return answered;
    }

    @Test
    @Order(3)
    void secretSettingsAreNotShown() {
        JsonNode status = new AdminClient(first).get("/status", "Status");
        assertThat(status.get("settings"))
                .hasToString("[{\"name\":\"--kafka ssl.key.password\",\"value\":null},"
                        + "{\"name\":\"--kafka linger.ms\",\"value\":\"7\"}]");
    }

    /** It is asked while a waiting client holds up its end. */
    @Test
    @Order(4)
    void aStoppingInstanceIsLiveButNotReady() throws IOException {
        closeStalled();
        AdminClient admin = new AdminClient(first);
        String far = "View-At-Least: " + moving.periodsPosition(1_000_000);
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> moving.get("/periods", far, "Prefer: wait=3"));
        await().atMost(RunningService.TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Scrape.of(first).sum("periodview_waiting_requests", "for=\"position\"") == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close);
        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> {
                    Reply ready = admin.get("/health/ready");
                    assertThat(ready.status()).isEqualTo(503);
                    assertThat(ready.message()).isEqualTo("Stopping.");
                });
        assertThat(admin.get("/health/live").status()).isEqualTo(200);
        assertThat(Scrape.of(first).sum("periodview_ready")).isZero();
        assertThat(waiting.join().status()).isEqualTo(503);
        closing.join();
    }
}
