package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that no decent client sends. Each gets a refusal in JSON or the answer it would get without its oddity; the
 * next client is served as ever; and what they said stays out of the log.
 */
class MalformedRequestsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    @RegisterExtension
    static final LogCheck log = new LogCheck(service);

    private static final int MEGABYTE = 1 << 20;

    /** The rest of a request whose first line ends with its target. KEY is replaced. */
    private static final String REST = " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nConnection: close\r\n\r\n";

    private static Client client;

    /** Has the periods 1, with an action, and 2. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        team = service.newTeam();
        team.show(
                team.period(1, "{'name':'one','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"),
                team.period(2, "{'name':'none','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00Z'}"));
    }

    @AfterEach
    void theNextClientIsServed() {
        Reply reply = team.get("/periods/1/actions");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("actions")).hasSize(1);
    }

    private static Reply send(String request) {
        return client.sendRaw(request.replace("KEY", team.key()));
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
        assertThat(send(request).status()).isIn(status, 400, 414, 431);
    }

    @Test
    void headersOfAMegabyteAreRefused() {
        String start = "GET /periods HTTP/1.1\r\nHost: x\r\n";
        assertThat(send(start + "Authorization: Bearer " + LogCheck.SECRET + "A".repeat(MEGABYTE) + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
        assertThat(send(start + "A".repeat(MEGABYTE) + ": " + LogCheck.SECRET + "\r\n\r\n")
                        .status())
                .isEqualTo(431);
        assertThat(send(start + ("A: " + LogCheck.SECRET + "\r\n").repeat(MEGABYTE / 10) + "\r\n")
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
                "http://",
                "http:///periods",
                "http://x:99999999/periods"
            })
    void anInvalidTargetIsRefused(String target) {
        assertThat(send("GET " + target + REST).status()).isIn(400, 404);
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
        "http://X:80/periods,200",
        "http://other/periods,400",
        "http://x:81/periods,400",
        "http://x.other/periods,400",
        "ftp://x/periods,200",
        "http://x/periods/x/actions,400",
    })
    void anOddTargetIsTakenLiterally(String target, int status) {
        assertThat(send("GET " + target + REST).status()).isEqualTo(status);
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
        Reply reply = send(start + REST);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text()).doesNotContain(team.key()); // TRACE would repeat it
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
        Reply reply = send(request);
        assertThat(reply.status()).isIn(400, 417, 426, 505);
        assertThat(reply.text()).doesNotContain(team.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /periods HTTP/2.0\r\nHost: x\r\n\r\n",
                "GET /periods HTTP/3.0\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void anotherVersionOfHttpIs505(String request) {
        Reply reply = send(request);
        assertThat(reply.status()).as(reply::text).isEqualTo(505);
    }

    @Test
    void aQueryOfFifteenKilobytesIsServedAndLongerOnesAreNot() {
        assertThat(send("GET /periods?x=" + "A".repeat(15_000) + REST).status()).isEqualTo(200);
        assertThat(send("GET /periods?x=" + "A".repeat(17_000) + REST).status()).isEqualTo(414);
        assertThat(send("GET /periods?x=" + "\"".repeat(10_000) + REST).status())
                .isEqualTo(414);
    }

    @Test
    void http10IsServed() {
        Reply reply = send("GET /periods HTTP/1.0\r\nAuthorization: Bearer KEY\r\n\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("periods")).hasSize(2);
    }

    @Test
    void leadingEmptyLinesAndExtraSpacesAreTolerated() {
        assertThat(send("\r\n\r\nGET /periods" + REST).status()).isEqualTo(200);
        assertThat(send(("GET   /periods" + REST).replace("\r\n", "\n")).status())
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
    void anUnexpectedBodyIsNotRead(String rest) {
        String head = "GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n";
        assertThat(send(head + rest).status()).isIn(200, 400);
        assertThat(send((head + rest).replace("GET", "POST")).status()).isIn(405, 400);
    }

    @Test
    void aBodyIsNotTakenForTheNextRequest() throws IOException {
        String smuggled = "GET /periods/1/actions" + REST.replace("KEY", team.key());
        try (Socket socket = client.connect()) {
            socket.getOutputStream()
                    .write(("GET /periods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + team.key()
                                    + "\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled)
                            .getBytes(ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = Client.input(socket);
            assertThat(Reply.read(in, true).text()).startsWith("{\"periods\":");
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
