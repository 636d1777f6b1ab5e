package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that no decent client sends. Each gets a refusal in JSON or the answer it would get without its oddity; the
 * next reader is served as ever; and what they said stays out of the log.
 */
class HttpAbuseIT {

    private static final long TEAM = 7;
    private static final int MEGABYTE = 1 << 20;
    private static final int MANY = 20_000;
    private static final String SECRET = "sEcReT-vAlUe";

    /** The rest of a request whose first line ends with its target. KEY is replaced. */
    private static final String REST = " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path directory;

    private static LogLines log;
    private static RunningService service;
    private static Client client;
    private static String key;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        log = LogLines.open();
        service = RunningService.start(directory);
        Instance instance = service.startInstance(0);
        client = new Client(instance.port());
        key = service.key(TEAM);
        RunningService.awaitReady(instance);
        List<Event> events = new ArrayList<>();
        events.add(service.period(
                TEAM, 1, "{'name':'few','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"));
        events.add(service.period(
                TEAM, 2, "{'name':'many','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"));
        for (int i = 1; i <= MANY; i++) {
            events.add(service.action(TEAM, i, "{'createdTime':'2024-01-02T00:00Z'}"));
        }
        events.add(service.action(TEAM, MANY + 1, "{'createdTime':'2024-01-01T00:00Z'}"));
        service.publish(events);
        // Both topics are read by then: the last action is in its period.
        await().atMost(RunningService.PATIENCE)
                .until(() -> client.get(key, "/periods/1/actions").text().contains("\"actionId\":" + (MANY + 1))
                        && client.get(key, "/periods").text().contains("many"));
    }

    @AfterAll
    static void stop() {
        service.close();
        List<String> lines = log.all();
        log.close();
        assertThat(log.requests()).hasSizeGreaterThan(100);
        assertThat(lines).noneMatch(line -> line.contains(key) || line.contains(SECRET));
        assertThat(lines).noneMatch(line -> line.startsWith("ERROR"));
    }

    @AfterEach
    void theNextReaderIsServed() {
        Reply reply = client.get(key, "/periods/1/actions");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("actions")).hasSize(1);
    }

    private static Reply raw(String request) {
        return client.sendRaw(request.replace("KEY", key));
    }

    @ParameterizedTest
    @CsvSource({
        "GET /periods?x=A HTTP/1.1,414",
        "GET /periods?form_fields=A HTTP/1.1,414",
        "GET /A HTTP/1.1,414",
        "GET /periods/A/actions HTTP/1.1,414",
        "GET A HTTP/1.1,414",
        "A /periods HTTP/1.1,431",
        "A,431",
        "GET /periods HTTP/1.A,505",
    })
    void aFirstLineOfAMegabyteIsRefused(String line, int status) {
        String request = line.replaceFirst("A", "A".repeat(MEGABYTE)) + REST.substring(" HTTP/1.1".length());
        assertThat(raw(request).status()).isIn(status, 400, 414, 431);
    }

    @Test
    void aHeadOfAMegabyteIsRefused() {
        String start = "GET /periods HTTP/1.1\r\nHost: x\r\n";
        assertThat(raw(start + "Authorization: Bearer " + SECRET + "A".repeat(MEGABYTE) + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
        assertThat(raw(start + "A".repeat(MEGABYTE) + ": " + SECRET + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
        assertThat(raw(start + ("A: " + SECRET + "\r\n").repeat(MEGABYTE / 10) + "\r\n")
                        .status())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/periods/%zz/actions",
                "/periods/%/actions",
                "/%",
                "/periods%2",
                "/periods/%00/actions",
                "/periods/%FF/actions",
                "/periods/\u00ff/actions",
                "/periods/\u0000/actions",
                "/periods?x=\u0001",
                "/periods?x=1 2",
                "periods",
                "*",
                "http://other/periods",
                "http://",
                "http:///periods",
                "http://x:99999999/periods"
            })
    void aTargetThatIsNoneIsRefused(String target) {
        assertThat(raw("GET " + target + REST).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource({
        "//periods,404",
        "///,404",
        "/periods/,404",
        "/PERIODS,404",
        "/periods//actions,404",
        "/periods/1/actions/,404",
        "/periods/1//actions,404",
        "/periods%2F1%2Factions,404",
        "/periods/1%2Factions,404",
        "/%70eriods,404",
        "/periods/%2F/actions,400",
        "/periods/./actions,400",
        "/periods/../actions,400",
        "/periods/%2e%2e/actions,400",
        "/../periods,400",
        "/periods/1%00/actions,400",
        "/periods/%31/actions,200",
        "/periods?,200",
        "/periods?x=%zz&%,200",
        "/periods?%2F%00,200",
        "/periods?\u00ff\u00fe=\u00ff,200",
        "'/periods?\"[]{}|\\^`<>',200",
        "/periods#fragment,200",
        "http://x/periods,200",
        "ftp://x/periods,200",
        "http://x/periods/x/actions,400",
    })
    void anOddTargetMeansWhatItSays(String target, int status) {
        assertThat(raw("GET " + target + REST).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "FOO /periods,405",
        "get /periods,405",
        "TRACE /periods,405",
        "OPTIONS /periods,405",
        "POST /periods/1/actions,405",
        "FOO /nothing,404",
        "TRACE /,404",
        "OPTIONS *,404",
        "CONNECT /periods,400",
        "CONNECT x:80,404",
        "PRI *,404",
        "G@T /periods,400",
        "'\u00c4 /periods',400",
    })
    void aStrangeMethodIsRefused(String start, int status) {
        Reply reply = raw(start + REST);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).doesNotContain(key); // TRACE would say it
        if (status == 405) {
            assertThat(reply.header("Allow")).hasValue("GET, HEAD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "GET\r\n\r\n",
                "GET /periods\r\n\r\n",
                "GET /periods HTTP\r\n\r\n",
                "GET /periods HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /periods HTTP/2.0\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /periods HTTP/1.1 sEcReT-vAlUe\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
                "GET /periods HTTP/1.1\r\nAuthorization: Bearer KEY\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nHost: sEcReT-vAlUe\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: sEcReT-vAlUe x\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n KEY\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization Bearer KEY\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\u0000\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nA\u0000: sEcReT-vAlUe\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\n: sEcReT-vAlUe\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nContent-Length: sEcReT-vAlUe\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
                "GET /periods HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: sEcReT-vAlUe\r\n\r\n",
                "GET /periods HTTP/1.1\r\nHost: x\r\nExpect: sEcReT-vAlUe\r\n\r\n"
            })
    void aBrokenRequestIsRefused(String request) {
        Reply reply = raw(request);
        assertThat(reply.status()).isIn(400, 417, 426, 505);
        assertThat(reply.text()).doesNotContain(key);
    }

    @Test
    void http10IsServed() {
        Reply reply = raw("GET /periods HTTP/1.0\r\nAuthorization: Bearer KEY\r\n\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("periods")).hasSize(2);
    }

    @Test
    void emptyLinesBeforeARequestAndOddSpaceInItAreForgiven() {
        assertThat(raw("\r\n\r\nGET /periods" + REST).status()).isEqualTo(200);
        assertThat(raw(("GET   /periods" + REST).replace("\r\n", "\n")).status())
                .isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\n\r\nabc",
                "Content-Length: 0\r\n\r\n",
                "\r\nno length",
                "Content-Length: 1000000\r\n\r\nlying",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nffffff\r\nlying",
                "Transfer-Encoding: chunked\r\n\r\nno chunk",
                "Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\nend_date=x&a"
            })
    void aBodyThatNobodyAskedForIsNotRead(String rest) {
        String head = "GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n";
        assertThat(raw(head + rest).status()).isIn(200, 400);
        assertThat(raw((head + rest).replace("GET", "POST")).status()).isIn(405, 400);
    }

    @Test
    void aBodyIsNoNextRequest() throws IOException {
        String smuggled = "GET /periods/1/actions" + REST.replace("KEY", key);
        try (Socket socket = client.connect()) {
            socket.getOutputStream()
                    .write(("GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\nContent-Length: "
                                    + smuggled.length() + "\r\n\r\n" + smuggled)
                            .getBytes(ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = Client.input(socket);
            assertThat(Reply.read(in, true).text()).startsWith("{\"periods\":");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void requestsInOnePieceAreAnsweredInTheirOrder() throws IOException {
        String request = "GET /periods?n=N HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n\r\n";
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
            for (byte next : ("GET /periods" + REST.replace("KEY", key)).getBytes(UTF_8)) {
                socket.getOutputStream().write(next);
            }
            assertThat(Reply.read(Client.input(socket), true).status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleDisturbsNobody() throws IOException {
        String request = "GET /periods/2/actions" + REST.replace("KEY", key);
        for (int length = 1; length < request.length(); length += 10) {
            try (Socket socket = client.connect()) {
                socket.getOutputStream().write(request.substring(0, length).getBytes(UTF_8));
            }
        }
        for (int i = 0; i < 20; i++) {
            try (Socket socket = client.connect(4_096)) {
                socket.setSoLinger(i % 2 == 0, 0); // with and without a reset
                socket.getOutputStream().write(request.getBytes(UTF_8));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            } catch (SocketException e) {
                throw new AssertionError("before the answer", e);
            }
        }
    }

    @Test
    void readersThatStopReadingHoldNothingThatOthersNeed() throws IOException, InterruptedException {
        byte[] request = ("GET /periods/2/actions" + REST.replace("KEY", key)).getBytes(UTF_8);
        Reply whole = client.send("GET", request);
        assertThat(whole.json().get("actions")).hasSize(MANY);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = client.connect(4_096);
                slow.add(socket);
                socket.getOutputStream().write(request);
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // all of it is gathered
            }
            assertThat(OpenIterators.count()).isZero();
            assertThat(client.get(key, "/periods").status()).isEqualTo(200);
            service.publish(List.of(service.action(TEAM, 1, "{'createdTime':'2024-01-02T00:00Z','status':'new'}")));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> client.send("GET", request).text().contains("\"status\":\"new\""));
            assertThat(OpenIterators.count()).isZero();
            // Who goes on reading gets all of it, as it was when it was asked.
            Reply late = Reply.read(
                    new java.io.SequenceInputStream(
                            new java.io.ByteArrayInputStream(new byte[] {'H'}), Client.input(slow.get(0))),
                    true);
            assertThat(late.body()).isEqualTo(whole.body());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** How many iterators over the view are open, in all tasks of this process. */
    @Test
    void manyIdleConnectionsLeaveRoomForReaders() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                Socket socket = client.connect();
                idle.add(socket);
                socket.getOutputStream().write("GET /periods HTTP/1.1\r\nHost: x\r\n".getBytes(UTF_8));
            }
            assertThat(client.get(key, "/periods").status()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void noKeyAndNoQueryComesIntoTheLog() {
        int before = log.requests().size();
        client.get(key, "/periods?start_date=" + SECRET + "&x=" + key).status();
        client.get(key, "/periods/1/actions?form_fields=" + SECRET).status();
        client.get(SECRET, "/periods?key=" + key).status();
        client.without("GET", "/periods?api_key=" + key, "Authorization: Basic " + SECRET);
        client.get(key, "/nothing?" + SECRET, "X-Api-Key: " + SECRET, "Cookie: " + SECRET);
        // A line comes after its answer, so one of an earlier request may come between.
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(
                                log.requests().subList(before, log.requests().size()))
                        .anyMatch(line -> line.matches("GET /periods team=7 status=400 ms=[0-9.]+ rows=-"))
                        .anyMatch(line -> line.matches("GET /periods/1/actions team=7 status=400 ms=[0-9.]+ rows=-"))
                        .anyMatch(line -> line.matches("GET /periods team=- status=401 ms=[0-9.]+ rows=-"))
                        .anyMatch(line -> line.matches("GET /nothing team=- status=404 ms=[0-9.]+ rows=-")));
    }

    @Test
    void theLogSaysHowManyRowsWereServed() {
        int before = log.requests().size();
        client.get(key, "/periods");
        client.get(key, "/periods/1/actions");
        client.head(key, "/periods/2/actions");
        await().atMost(Duration.ofSeconds(5)).until(() -> log.requests().size() >= before + 3);
        assertThat(log.requests().subList(before, log.requests().size()))
                .anyMatch(line -> line.matches("GET /periods team=7 status=200 ms=[0-9.]+ rows=2"))
                .anyMatch(line -> line.matches("GET /periods/1/actions team=7 status=200 ms=[0-9.]+ rows=1"))
                .anyMatch(line -> line.matches("HEAD /periods/2/actions team=7 status=200 ms=[0-9.]+ rows=" + MANY));
    }

    @Test
    void aHalfRequestIsWaitedFor() throws IOException {
        try (Socket socket = client.connect()) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write("GET /periods HTTP/1.1\r\nHost: x\r\n".getBytes(UTF_8));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("Authorization: Bearer " + key + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
            assertThat(Reply.read(Client.input(socket), true).status()).isEqualTo(200);
        }
    }
}
