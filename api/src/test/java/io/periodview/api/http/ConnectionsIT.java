package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.periodview.testkit.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that are slow, many, gone or in a hurry: the next one is served as ever, and the log stays quiet. */
class ConnectionsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    @RegisterExtension
    static final LogCheck log = new LogCheck(service);

    /** Together about 8 MB, far more than the buffers between a server and a client take. */
    private static final int LARGE_ACTIONS = 2_000;

    private static final int LARGE_STATUS = 4_000;

    /** More than the server has threads. */
    private static final int IDLE = 300;

    private static Client client;

    /** Has the periods 1, with one small action, and 2, with many large ones. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        team = service.newTeam();
        List<Event> events = new ArrayList<>();
        events.add(team.period(1, "{'name':'small','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"));
        events.add(team.period(2, "{'name':'large','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"));
        for (int i = 1; i <= LARGE_ACTIONS; i++) {
            events.add(largeAction(i, 'x'));
        }
        events.add(team.action(LARGE_ACTIONS + 1, "{'createdTime':'2024-01-01T00:00Z'}"));
        team.show(events.toArray(Event[]::new));
    }

    private static Event largeAction(int id, char letter) {
        String status = String.valueOf(letter).repeat(LARGE_STATUS);
        return team.action(id, "{'createdTime':'2024-01-02T00:00Z','status':'" + status + "'}");
    }

    @AfterEach
    void theNextClientIsServed() {
        Reply reply = team.get("/periods/1/actions");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("actions")).hasSize(1);
    }

    private static byte[] request(String target) {
        return ("GET " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + team.key()
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(UTF_8);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String request = "GET /periods?n=N HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + team.key() + "\r\n\r\n";
        try (Socket socket = client.connect()) {
            socket.getOutputStream()
                    .write((request + request.replace("/periods?", "/periods/1/actions?")
                                    + request.replace("/periods?", "/nothing?")
                                    + request.replace("/periods?", "/periods/x/actions?") + request
                                    + "broken\r\n\r\n" + request)
                            .getBytes(UTF_8));
            InputStream in = Client.input(socket);
            assertThat(Reply.read(in, true).text()).startsWith("{\"periods\":");
            assertThat(Reply.read(in, true).text()).startsWith("{\"actions\":");
            assertThat(Reply.read(in, true).status()).isEqualTo(404);
            assertThat(Reply.read(in, true).message()).startsWith("Invalid period_id.");
            assertThat(Reply.read(in, true).text()).startsWith("{\"periods\":");
            assertThat(Reply.read(in, true).status()).isEqualTo(400);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aRequestThatComesByteByByteIsAnswered() throws IOException {
        try (Socket socket = client.connect()) {
            socket.setTcpNoDelay(true);
            for (byte next : request("/periods")) {
                socket.getOutputStream().write(next);
            }
            assertThat(Reply.read(Client.input(socket), true).status()).isEqualTo(200);
        }
    }

    @Test
    void theServerWaitsForTheRestOfARequest() throws IOException {
        try (Socket socket = client.connect()) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write("GET /periods HTTP/1.1\r\nHost: x\r\n".getBytes(UTF_8));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("Authorization: Bearer " + team.key() + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
            assertThat(Reply.read(Client.input(socket), true).status()).isEqualTo(200);
        }
    }

    @Test
    void clientsThatLeaveMidwayDisturbNobody() throws IOException {
        byte[] request = request("/periods/2/actions");
        for (int length = 1; length < request.length; length += 10) {
            try (Socket socket = client.connect()) {
                socket.getOutputStream().write(request, 0, length);
            }
        }
        for (int i = 0; i < 20; i++) {
            try (Socket socket = client.connect(4_096)) {
                socket.setSoLinger(i % 2 == 0, 0); // with and without a reset
                socket.getOutputStream().write(request);
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            } catch (SocketException e) {
                throw new AssertionError("before the answer", e);
            }
        }
    }

    @Test
    void clientsThatStopReadingHoldNothingThatOthersNeed() throws IOException, InterruptedException {
        byte[] request = request("/periods/2/actions");
        Reply complete = client.send("GET", request);
        assertThat(complete.json().get("actions")).hasSize(LARGE_ACTIONS);
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = client.connect(4_096);
                stalled.add(socket);
                socket.getOutputStream().write(request);
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // all of the answer is buffered
            }
            assertThat(OpenIterators.count()).isZero();
            assertThat(team.get("/periods").status()).isEqualTo(200);
            team.publish(largeAction(1, 'y'));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> client.send("GET", request).text().contains("\"status\":\"yyy"));
            assertThat(OpenIterators.count()).isZero();
            // A client that goes on reading gets all of it, as it was when it asked.
            Reply late = Reply.read(
                    new SequenceInputStream(new ByteArrayInputStream(new byte[] {'H'}), Client.input(stalled.get(0))),
                    true);
            assertThat(late.body()).isEqualTo(complete.body());
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void manyIdleConnectionsLeaveRoomForOthers() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                Socket socket = client.connect();
                idle.add(socket);
                socket.getOutputStream().write("GET /periods HTTP/1.1\r\nHost: x\r\n".getBytes(UTF_8));
            }
            assertThat(team.get("/periods").status()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }
}
