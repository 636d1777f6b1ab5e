package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.periodview.api.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Something that is no instance of the service answers at the address of one. */
class StrangerIT {

    @RegisterExtension
    static final SharedBroker broker = new SharedBroker();

    private static final String FORGED = "{\"periods\":[]}";
    private static final String NO_WAIT = "Prefer: wait=0";

    private static RunningService service;
    private static Relay relay;
    private static Instance first;
    private static Instance second;

    /** Lives on the second instance, and asks the first. */
    private static Team team;

    private static HttpServer stranger;

    /** What the stranger was asked, with all headers. */
    private static final Queue<Map.Entry<URI, Map<String, List<String>>>> asked = new ConcurrentLinkedQueue<>();

    private static volatile UnaryOperator<Answer> answers = answer -> answer;

    /** @param headers of the second instance, one value each */
    private record Answer(int status, Map<String, List<String>> headers, byte[] body) {}

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = broker.newService("stranger", 0);
        relay = new Relay();
        first = service.startInstance();
        second = service.startInstance(relay::to, List.of());
        service.awaitReady();
        team = service.teamOwnedBy(second, first);
        team.show(team.period(1, "{'name':'mine','start_date':'2024-01-01T00:00Z'}"));
        stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stranger.createContext("/", StrangerIT::passOn);
        stranger.start();
        relay.to(stranger.getAddress().getPort());
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        relay.close();
        stranger.stop(0);
    }

    @BeforeEach
    void leaveTheSecondInstance() {
        relay.cutAfter(Long.MAX_VALUE);
        asked.clear();
        answers = answer -> answer;
    }

    /** Asks the second instance with the very headers that it got, and answers what the test makes of that. */
    private static void passOn(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(Map.entry(exchange.getRequestURI(), Map.copyOf(exchange.getRequestHeaders())));
            Answer answer = answers.apply(ask(second, exchange.getRequestURI(), exchange.getRequestHeaders()));
            answer.headers.forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Date")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
            exchange.getResponseBody().write(answer.body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Answer ask(Instance instance, URI target, Map<String, List<String>> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + instance.port()).resolve(target));
        headers.forEach((name, values) -> {
            if (name.regionMatches(true, 0, "View-", 0, 5) || name.equalsIgnoreCase("Prefer")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    @Test
    void learnsNoKey() {
        team.get("/periods", NO_WAIT);
        assertThat(asked).isNotEmpty();
        assertThat(asked.toString()).doesNotContain(team.key()).doesNotContainIgnoringCase("authorization");
    }

    @Test
    void forgedAnswersDoNotGoOut() {
        answers = answer -> new Answer(
                200,
                Map.of("View-source", List.of("owner"), "Content-type", List.of("application/json")),
                FORGED.getBytes(UTF_8));
        assertThat(team.get("/periods").status()).isEqualTo(503);
        for (int status : new int[] {304, 400, 401, 404, 503}) {
            answers = answer -> new Answer(status, Map.of("View-source", List.of("owner")), new byte[0]);
            String position = "View-At-Least: " + team.actionsPosition(0);
            assertThat(team.get("/periods", position, NO_WAIT).status()).isEqualTo(503);
        }
    }

    @Test
    void answersThatWereChangedOnTheWayDoNotGoOut() {
        Reply own = team.at(second).get("/periods");
        assertThat(team.get("/periods").text()).isEqualTo(own.text());
        assertThat(own.text()).contains("mine");

        answers = answer -> new Answer(
                answer.status,
                answer.headers,
                new String(answer.body, UTF_8).replace("mine", "your").getBytes(UTF_8));
        assertThat(team.get("/periods").status()).isEqualTo(503);
        answers = answer -> new Answer(404, answer.headers, answer.body);
        assertThat(team.get("/periods").status()).isEqualTo(503);
        answers = answer -> {
            Map<String, List<String>> headers = new HashMap<>(answer.headers);
            headers.replaceAll((name, value) -> name.equalsIgnoreCase("ETag") ? List.of("W/\"x\"") : value);
            return new Answer(answer.status, headers, answer.body);
        };
        assertThat(team.get("/periods").status()).isEqualTo(503);
    }

    @Test
    void aProofHoldsForOneRequestToOneInstanceOnly() throws Exception {
        team.get("/periods?start_date=2023-01-01T00:00Z", NO_WAIT);
        Map.Entry<URI, Map<String, List<String>>> proven = asked.stream()
                .filter(each -> each.getValue().containsKey("View-forwarded-proof"))
                .findFirst()
                .orElseThrow();
        Map<String, List<String>> headers = proven.getValue();
        assertThat(ask(second, proven.getKey(), headers).status).isEqualTo(200);
        assertThat(ask(first, proven.getKey(), headers).status).isEqualTo(421);
        assertThat(ask(second, URI.create("/periods"), headers).status).isEqualTo(401);
        for (String changed : List.of("View-forwarded-team", "View-forwarded", "View-forwarded-to", "Prefer")) {
            Map<String, List<String>> others = new HashMap<>(headers);
            others.put(changed, List.of("1"));
            assertThat(ask(second, proven.getKey(), others).status).as(changed).isEqualTo(401);
        }
        for (String none : List.of("", "1 2 3", "9".repeat(30) + " x y")) {
            Map<String, List<String>> others = new HashMap<>(headers);
            others.put("View-forwarded-proof", List.of(none));
            assertThat(ask(second, proven.getKey(), others).status).as(none).isEqualTo(401);
        }
    }
}
