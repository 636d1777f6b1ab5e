package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of answers and errors: the same for HEAD as for GET, and what caches may do with them. */
class ResponseHeadersIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    /** Has the period 1 with an action. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        team = service.newTeam();
        team.show(
                team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"),
                team.action(1, "{'createdTime':'2024-03-01T00:00:00Z','formFields':{'a':1}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "/periods,200",
        "/periods/1/actions,200",
        "/periods/1/actions?form_fields=%5B%22a%22%5D,200",
        "/periods/999/actions,404",
        "/periods/x/actions,400",
        "/periods?start_date=x,400",
        "/nothing,404"
    })
    void headAnswersLikeGetWithoutABody(String target, int status) throws IOException {
        Reply get = team.get(target);
        Reply head = team.head(target);
        assertThat(head.status()).isEqualTo(get.status()).isEqualTo(status);
        for (String name : List.of("Content-Length", "Content-Type", "Vary", "Cache-Control")) {
            assertThat(head.header(name)).as(name).isEqualTo(get.header(name));
        }
        try (var socket = service.client().connect()) {
            socket.getOutputStream()
                    .write(("HEAD " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + team.key()
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/periods", "/periods/1/actions", "/periods/999/actions"})
    void sharedCachesMayNotStoreAnAnswer(String target) {
        Reply reply = team.get(target);
        assertThat(reply.header("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("private"));
        assertThat(reply.header("Vary"))
                .hasValueSatisfying(value -> assertThat(value).contains("Authorization"));
        assertThat(reply.header("Server")).isEmpty();
    }
}
