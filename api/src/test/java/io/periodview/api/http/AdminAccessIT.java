package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use the port for operators, on an instance that has not started. */
class AdminAccessIT {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String TOKEN = "a-token-of-operators";
    private static final String LOGGER = "/loggers/io.periodview.AdminAccessIT";
    private static final String DEBUG = "{\"level\":\"DEBUG\"}";
    private static final String JSON = "Content-Type: application/json";

    private Instance open;
    private Instance closed;
    private AdminClient admin;

    @BeforeEach
    void start() {
        open = instance(null);
        closed = instance(TOKEN);
        admin = new AdminClient(open);
    }

    private static Instance instance(@Nullable String token) {
        AdminSettings settings = new AdminSettings(LOOPBACK, 0, Set.of("Instance-1.example.com"), token);
        return Instance.open(new ServerSettings(LOOPBACK, 0, settings, null));
    }

    @AfterEach
    void stop() {
        open.close();
        closed.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:9090",
                "[::1]:9090",
                "localhost",
                "10.1.2.3",
                "period-view:9090",
                "instance-1.example.com:1"
            })
    void itsOwnNamesAreAnswered(String host) {
        assertThat(admin.send("GET", "/status", null, List.of("Host: " + host)).status())
                .isEqualTo(200);
        List<String> samePage = List.of("Host: " + host, "Origin: http://" + host, JSON);
        assertThat(admin.send("PUT", LOGGER, DEBUG, samePage).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.com", "127.0.0.1.evil.example.com:9090", "localhost.evil.example", "0x7f.1"})
    void namesThatLeadHereAreRefused(String host) {
        for (String path : List.of("/status", "/metrics", "/loggers", LOGGER)) {
            Reply refused = admin.send("GET", path, null, List.of("Host: " + host));
            assertThat(refused.status()).isEqualTo(403);
            AdminClient.validate("Error", refused.json());
        }
        assertThat(admin.send("PUT", LOGGER, DEBUG, List.of("Host: " + host, JSON))
                        .status())
                .isEqualTo(403);
        assertThat(admin.send("GET", "/health/live", null, List.of("Host: " + host))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example.com", "null", "http://127.0.0.1:1", "http://x.evil.example.com", ""})
    void pagesOfOtherSitesAreRefused(String origin) {
        assertThat(admin.send("PUT", LOGGER, DEBUG, List.of("Origin: " + origin, JSON))
                        .status())
                .isEqualTo(403);
        assertThat(admin.send("GET", "/status", null, List.of("Origin: " + origin))
                        .status())
                .isEqualTo(403);
    }

    /** What a form of any page can send without asking first. */
    @Test
    void onlyJsonChangesALevel() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "")) {
            for (String method : List.of("PUT", "POST")) {
                Reply refused = admin.send(method, LOGGER, DEBUG, List.of("Content-Type: " + type));
                assertThat(refused.status()).as(type).isEqualTo(415);
            }
        }
        assertThat(admin.send("PUT", LOGGER, DEBUG, List.of()).status()).isEqualTo(415);
        assertThat(admin.send("PUT", LOGGER, DEBUG, List.of("Content-Type: Application/JSON; charset=utf-8"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whereThereIsATokenOnlyHealthNeedsNone() {
        AdminClient asked = new AdminClient(closed);
        for (String path : List.of("/status", "/metrics", "/loggers", LOGGER, "/nothing")) {
            Reply refused = asked.get(path);
            assertThat(refused.status()).as(path).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate")).hasValue("Bearer");
        }
        assertThat(asked.send("PUT", LOGGER, DEBUG).status()).isEqualTo(401);
        assertThat(asked.get("/health/live").status()).isEqualTo(200);
        assertThat(asked.get("/health/ready").status()).isEqualTo(503);
        for (String wrong : List.of("Bearer " + TOKEN + "x", "Bearer", "Basic " + TOKEN, "Bearer x")) {
            assertThat(asked.send("GET", "/status", null, List.of("Authorization: " + wrong))
                            .status())
                    .isEqualTo(401);
        }
        List<String> right = List.of("Authorization: Bearer " + TOKEN, JSON, "Host: any.example.com");
        assertThat(asked.send("GET", "/status", null, right).status()).isEqualTo(200);
        assertThat(asked.send("PUT", LOGGER, DEBUG, right).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%0Ab", "a%20b", "%E2%80%AEa", "a%2Fb", "a;b", "a{b}"})
    void aLoggersNameIsAName(String name) {
        assertThat(admin.send("PUT", "/loggers/" + name, DEBUG).status()).isIn(400, 404);
        assertThat(admin.get("/loggers").text()).doesNotContain("a b", "{b}", "a;b");
        assertThat(admin.send("PUT", "/loggers/" + "x".repeat(201), DEBUG).status())
                .isEqualTo(400);
        assertThat(admin.send("PUT", "/loggers/a.B_c$1-d", DEBUG).status()).isEqualTo(200);
    }

    @Test
    void theHttpServerNeverLogsWhatItReads() {
        for (String logger : List.of("org.eclipse.jetty", "org.eclipse.jetty.http.HttpParser")) {
            for (String level : List.of("TRACE", "DEBUG")) {
                assertThat(admin.send("PUT", "/loggers/" + logger, "{\"level\":\"" + level + "\"}")
                                .status())
                        .isEqualTo(400);
            }
            assertThat(admin.send("PUT", "/loggers/" + logger, "{\"level\":null}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aMethodIsWhatItSays() {
        List<String> override = List.of("X-HTTP-Method-Override: PUT", JSON);
        assertThat(admin.send("GET", LOGGER + ".none", DEBUG, override).status())
                .isEqualTo(404);
        assertThat(admin.get(LOGGER + ".none").status()).isEqualTo(404);
        Client api = new Client(open.port());
        assertThat(api.without("PUT", "/periods", "X-HTTP-Method-Override: GET").status())
                .isEqualTo(405);
        assertThat(api.without("GET", "/periods", "x-http-method-override: PUT").status())
                .isEqualTo(401);
    }

    @Test
    void noAnswerIsGuessedAt() {
        Client api = new Client(open.port());
        for (Reply reply : List.of(
                admin.get("/metrics"),
                admin.get("/health/ready"),
                admin.get("/nothing"),
                admin.send("DELETE", "/status", null),
                api.without("GET", "/"),
                api.get("pv_x", "/periods"),
                api.without("GET", "/nothing"),
                api.without("GET", "/periods", "X: " + "x".repeat(100_000)),
                api.sendRaw("nothing\r\n\r\n"))) {
            assertThat(reply.header("X-Content-Type-Options")).as("%s", reply).hasValue("nosniff");
        }
    }
}
