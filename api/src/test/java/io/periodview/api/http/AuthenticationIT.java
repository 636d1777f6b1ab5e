package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.topics.ApiKey;
import io.periodview.topics.NewApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** API keys: which are accepted, from when until when, and that a team sees nothing of another. */
class AuthenticationIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final String LONG_AGO = "0001-01-01T00:00:00Z";

    private static Client client;

    /** Has the period 1. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        team = service.newTeam();
        team.show(team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"));
    }

    private static int status(String key, String target) {
        return client.get(key, target).status();
    }

    private static ConditionFactory within(Duration time) {
        return await().atMost(time).pollInterval(Duration.ofMillis(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: Bearer nobody's",
                "Authorization: Basic KEY",
                "Authorization: KEY",
                "Authorization: BearerKEY",
                "Authorization: Bearer KEY more",
                "Authorization: Bearer KEY, Bearer KEY",
                "Authorization:",
                "Authorization: Bearer KEY\r\nAuthorization: Bearer KEY",
                "Authorization: Bearer KEY\r\nAuthorization: Basic eDp5",
                "X-Api-Key: KEY",
                "Cookie: Authorization=Bearer KEY"
            })
    void anythingButOneBearerKeyIs401(String form) {
        String header = form.replace("KEY", team.key());
        assertIs401(client.without("GET", "/periods", header));
        assertIs401(client.without("GET", "/periods/1/actions", header));
        assertThat(client.without("HEAD", "/periods", header).status()).isEqualTo(401);
    }

    private static void assertIs401(Reply reply) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer");
        assertThat(reply.message()).isNotBlank().doesNotContain(team.key());
    }

    @Test
    void aKeyInTheQueryIsIgnored() {
        String key = team.key();
        assertIs401(client.without("GET", "/periods?access_token=" + key));
        assertIs401(client.without("GET", "/periods?api_key=" + key + "&Authorization=Bearer+" + key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
    void theSchemeIsCaseInsensitive(String scheme) {
        String key = team.key();
        assertThat(client.without("GET", "/periods", "Authorization: " + scheme + " " + key)
                        .status())
                .isEqualTo(200);
        assertThat(client.without("GET", "/periods", "AUTHORIZATION:  " + scheme + "  " + key + "  ")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aNewKeyWorksAndARevokedOneStopsWithinASecond() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            String key = service.publisher().newKey(team.id(), null);
            within(A_SECOND).until(() -> status(key, "/periods") == 200);
            service.publisher().publishKey(key, null);
            within(A_SECOND).until(() -> status(key, "/periods") == 401);
        }
    }

    @Test
    void aKeyStopsWhenItExpires() throws InterruptedException {
        Instant expiry = Instant.now().plusMillis(1_500);
        String key = service.publisher().newKey(team.id(), expiry);
        within(A_SECOND).until(() -> status(key, "/periods") == 200);
        within(Duration.ofSeconds(3)).until(() -> status(key, "/periods") == 401);
        assertThat(Instant.now()).isBetween(expiry, expiry.plus(A_SECOND));
    }

    @Test
    void expiredAndMalformedKeysAre401() throws InterruptedException {
        List<String> rejected = new ArrayList<>();
        rejected.add(service.publisher().newKey(team.id(), Instant.now().minusSeconds(1)));
        for (String json : List.of(
                "",
                "null",
                "{}",
                "7",
                "{\"teamId\":7}",
                "{\"teamId\":\"7\",\"name\":\"x\",\"expiresAt\":null}",
                "{\"teamId\":-7,\"name\":\"x\",\"expiresAt\":null}",
                "{\"teamId\":7,\"teamId\":7,\"name\":\"x\",\"expiresAt\":null}",
                "{\"teamId\":7,\"name\":\"x\",\"expiresAt\":\"tomorrow\"}",
                "{\"teamId\":7,\"name\":\"x\",\"expiresAt\":null")) {
            String malformed = NewApiKey.generate().reveal();
            service.publisher().publishKey(malformed, json.getBytes(UTF_8));
            rejected.add(malformed);
        }
        // A partition's records are read in their order: a good key behind them in every partition.
        for (int i = 0; i < 20; i++) {
            String good = service.publisher().newKey(team.id(), null);
            within(RunningService.TIMEOUT).until(() -> status(good, "/periods") == 200);
        }
        rejected.forEach(each -> assertIs401(client.get(each, "/periods")));
    }

    @Test
    void aKeyThatIsPublishedAgainMovesToItsNewTeam() throws InterruptedException {
        String key = service.publisher().newKey(team.id(), null);
        within(RunningService.TIMEOUT).until(() -> status(key, "/periods/1/actions") == 200);
        Team other = service.newTeam();
        service.publisher().publishKey(key, new ApiKey(other.id(), "moved", null).toJson());
        within(A_SECOND).until(() -> status(key, "/periods/1/actions") == 404);
    }

    @Test
    void aTeamSeesNothingOfAnother() throws InterruptedException {
        // The same ids in all, and teams whose numbers begin alike.
        List<Team> teams = List.of(service.team(2), service.team(25), service.team(258), service.team(Long.MAX_VALUE));
        for (Team each : teams) {
            String name = "of " + each.id();
            each.publish(
                    each.period(1, "{'name':'" + name + "','start_date':'" + LONG_AGO + "','end_date':null}"),
                    each.period(each.id(), "{'name':'only','start_date':'" + LONG_AGO + "'}"),
                    each.action(
                            1,
                            "{'createdTime':'2024-01-01T00:00:00Z','status':'" + name + "','formFields':{'of':"
                                    + each.id() + "}}"));
        }
        for (Team each : teams) {
            each.awaitShown();
            String all = each.get("/periods").text()
                    + each.get("/periods/1/actions?form_fields=%5B%22of%22%5D").text();
            for (Team other : teams) {
                if (other != each) {
                    assertThat(all)
                            .doesNotContain("of " + other.id() + "\"")
                            .doesNotContain("\"of\":" + other.id() + "}");
                    assertThat(each.get("/periods/" + other.id() + "/actions").message())
                            .isEqualTo("Period not found");
                }
            }
            assertThat(all).contains("of " + each.id() + "\"").contains("\"of\":" + each.id() + "}");
        }
    }
}
