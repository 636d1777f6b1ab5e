package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which error a request gets: unknown paths, wrong methods, invalid and unknown ids, and which of several comes first. */
class ErrorsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final String INVALID_PERIOD_ID = "Invalid period_id. It must be a valid integer for your team.";

    private static Client client;

    /** Has the period 1. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        team = service.newTeam();
        team.show(team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/period",
                "/Periods",
                "/PERIODS",
                "/periods/",
                "/periods/1",
                "/periods/1/",
                "/periods/1/actions/",
                "/periods/1/actions/1",
                "/periods/x/Actions",
                "/health/live",
                "/metrics",
                "/favicon.ico"
            })
    void anUnknownPathIs404WithAndWithoutAKey(String path) {
        for (String method : List.of("GET", "HEAD", "POST")) {
            assertThat(team.ask(method, path).status()).isEqualTo(404);
            assertThat(client.without(method, path).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "PROPFIND", "get"})
    void aWrongMethodIs405WithAllow(String method) {
        for (String path : List.of("/periods", "/periods/x/actions")) {
            Reply reply = client.without(method, path);
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).hasValue("GET, HEAD");
        }
    }

    @Test
    void errorsAreCheckedInTheOrderOfTheContract() {
        String worst = "/periods/x/actions?form_fields=x";
        assertThat(client.without("POST", "/nothing").status()).isEqualTo(404);
        assertThat(client.without("POST", worst).status()).isEqualTo(405);
        assertThat(client.without("GET", worst).status()).isEqualTo(401);
        assertThat(team.get(worst).message()).isEqualTo(INVALID_PERIOD_ID);
        assertThat(team.get("/periods/999/actions?form_fields=x").message())
                .isEqualTo("Invalid form_fields. It must be an array of strings.");
        assertThat(team.get("/periods/999/actions?form_fields=%5B%5D").message())
                .isEqualTo("Period not found");
        assertThat(client.without("GET", "/periods?start_date=x").status()).isEqualTo(401);
        assertThat(team.get("/periods?start_date=x&end_date=x").message()).contains("start_date");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "1x",
                "01",
                "+1",
                "-0",
                "-01",
                "1.0",
                "1e3",
                "0x1",
                "%201",
                "1%20",
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999999999",
                "%D9%A1",
                "null",
                "1,2",
                "*",
                "%22"
            })
    void aPeriodIdThatIsNoCanonicalIntegerIs400(String id) {
        Reply reply = team.get("/periods/" + id + "/actions");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(INVALID_PERIOD_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2", "9223372036854775807", "-9223372036854775808"})
    void aPeriodThatTheTeamDoesNotHaveIs404(String id) {
        Reply reply = team.get("/periods/" + id + "/actions");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.message()).isEqualTo("Period not found");
    }
}
