package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.testkit.Event;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One team asks for as much as it can, and does not read it: the others are answered as ever. */
class TeamSharesIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final int GREEDY_REQUESTS = 400;
    private static final int READS = 100;

    /** On a busy machine; without shares it is half a minute, and then a 503. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static Client client;
    private static Team greedy;
    private static Team other;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        greedy = service.newTeam();
        other = service.newTeam();
        for (Team team : List.of(greedy, other)) {
            List<Event> events = new ArrayList<>();
            events.add(team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z','end_date':null}"));
            for (int i = 1; i <= (team == greedy ? 2_000 : 20); i++) {
                events.add(team.action(i, "{'createdTime':'2024-01-02T00:00Z','status':'" + "x".repeat(4_000) + "'}"));
            }
            team.show(events.toArray(Event[]::new));
        }
    }

    @AfterEach
    void leave() throws IOException {
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    @Test
    void whoAsksForLargeAnswersAndDoesNotReadThemKeepsNobodyWaiting() throws IOException {
        for (int i = 0; i < GREEDY_REQUESTS; i++) {
            ask(greedy, "");
        }
        assertOthersAreAnsweredSoon();
    }

    @Test
    void whoWaitsForAPositionKeepsNobodyElseFromWaiting() throws IOException {
        for (int i = 0; i < GREEDY_REQUESTS; i++) {
            ask(greedy, "Prefer: wait=30\r\nView-At-Least: " + greedy.actionsPosition(1_000_000_000) + "\r\n");
        }
        assertOthersAreAnsweredSoon();
        long begin = System.nanoTime();
        Reply late = other.get("/periods", "View-At-Least: " + other.actionsPosition(1_000_000_000), "Prefer: wait=1");
        assertThat(late.status()).isEqualTo(503);
        assertThat(System.nanoTime() - begin).as("it may wait").isGreaterThan(900_000_000);
    }

    private void ask(Team team, String headers) throws IOException {
        Socket socket = client.connect(4_096);
        sockets.add(socket);
        socket.getOutputStream()
                .write(("GET /periods/1/actions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + team.key() + "\r\n"
                                + headers + "\r\n")
                        .getBytes(UTF_8));
    }

    private static void assertOthersAreAnsweredSoon() {
        for (int i = 0; i < READS; i++) {
            long begin = System.nanoTime();
            Reply reply = other.get("/periods/1/actions");
            assertThat(reply.status()).as(reply::text).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        }
    }
}
