package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessLogTest {

    /** One line each: scripts read them. */
    private static final String LINE =
            "(GET|HEAD) \\S+ team=(-|\\d+) status=\\d{3} ms=\\d+\\.\\d rows=(-|\\d+) key=(-|[\\w.-]+|\"[^\"]+\") client=127\\.0\\.0\\.1";

    private static final String LONG = "x".repeat(5_000);

    @Test
    void aLineHasMethodPathTeamStatusDurationAndRows() {
        Javalin server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.requestLogger.http(AccessLog::log);
            config.routes.get("/rows/{x}", ctx -> {
                AccessLog.team(ctx, Long.MAX_VALUE);
                AccessLog.rows(ctx, 0);
                AccessLog.key(ctx, "a \u202eb\u2028c status=500");
                ctx.result("{}").contentType("application/json");
            });
            config.routes.get("/team", ctx -> {
                AccessLog.team(ctx, 7);
                AccessLog.key(ctx, "dashboard");
                ctx.status(404).result("{}").contentType("application/json");
            });
        });
        try (LogLines log = LogLines.open()) {
            server.start();
            Client client = new Client(server.port());
            for (String target : List.of("/rows/a%20b%0Ac?q=secret", "/team", "/nothing?q=secret", "/" + LONG)) {
                client.send(
                        "GET", ("GET " + target + " HTTP/1.0\r\nAuthorization: Bearer secret\r\n\r\n").getBytes(UTF_8));
            }
            await().until(() -> log.requests().size() == 4);
            assertThat(log.requests()).allMatch(line -> line.matches(LINE));
            assertThat(log.requests()).noneMatch(line -> line.contains("secret"));
            assertThat(log.requests().get(0))
                    .startsWith("GET /rows/a%20b%0Ac team=9223372036854775807 status=200 ms=")
                    .endsWith(" rows=0 key=\"a \\\\u202eb\\\\u2028c status=500\" client=127.0.0.1");
            assertThat(log.requests().get(1))
                    .startsWith("GET /team team=7 status=404 ms=")
                    .endsWith(" rows=- key=dashboard client=127.0.0.1");
            assertThat(log.requests().get(2))
                    .startsWith("GET /nothing team=- status=404 ms=")
                    .endsWith(" rows=- key=- client=127.0.0.1");
            assertThat(log.requests().get(3)).startsWith("GET /" + "x".repeat(198) + "… team=- ");
        } finally {
            server.stop();
        }
    }
}
