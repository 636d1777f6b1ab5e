package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.ApiKey;
import io.periodview.topics.NewApiKey;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract says of HTTP, sentence by sentence. Every test has teams of its own. */
class HttpContractIT {

    private static final String INVALID_PERIOD_ID = "Invalid period_id. It must be a valid integer for your team.";
    private static final String INVALID_FORM_FIELDS = "Invalid form_fields. It must be an array of strings.";
    private static final String LONG_AGO = "0001-01-01T00:00:00Z";
    private static final Duration WITHIN = Duration.ofSeconds(1);

    /** A team with one period, 1, of the year 2024, that holds the actions 1 and 2. */
    private static final long TEAM = 7;

    @TempDir
    static Path directory;

    private static RunningService service;
    private static Instance instance;
    private static Client client;
    private static String key;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = RunningService.start(directory);
        instance = service.startInstance(0);
        client = new Client(instance.port());
        RunningService.awaitReady(instance);
        key = service.key(TEAM);
        service.show(
                instance,
                service.period(
                        TEAM,
                        1,
                        "{'name':'2024','start_date':'2024-01-01T00:00:00Z','end_date':'2025-01-01T00:00:00Z'}"),
                service.action(TEAM, 1, "{'createdTime':'2024-03-01T00:00:00Z','formFields':{'a':1}}"),
                service.action(TEAM, 2, "{'createdTime':'2024-02-01T00:00:00Z','formFields':{'a':null,'b':[{}]}}"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void thePeriodOfTheContractIsServedWithExactlyItsMembers() throws InterruptedException {
        service.show(instance, service.period(10, 1, """
                        {"id":1,"name":"Example Period","start_date":"2024-07-18T18:30:00.000Z",
                         "end_date":"2024-07-18T20:30:00.000Z",
                         "created_at":"2024-07-18T19:26:16.624Z","updated_at":"2024-07-26T06:02:03.257Z",
                         "markers":[{"name":"Example Period Marker","timestamp":"2024-07-18T18:40:00.000Z"}]}"""));
        assertThat(client.get(service.key(10), "/periods").text()).isEqualTo("""
                        {"periods":[{"id":1,"name":"Example Period","start_date":"2024-07-18T18:30:00.000Z",\
                        "end_date":"2024-07-18T20:30:00.000Z","created_at":"2024-07-18T19:26:16.624Z",\
                        "updated_at":"2024-07-26T06:02:03.257Z",\
                        "markers":[{"name":"Example Period Marker","timestamp":"2024-07-18T18:40:00.000Z"}]}]}""");
    }

    @Test
    void theActionOfTheContractIsServedWithExactlyItsMembers() throws InterruptedException {
        String members = """
                "actionId":91011,"classification":"Example Classification",\
                "subClassification":"Example Sub-Classification","status":"canceled",\
                "createdTime":"2024-08-02T12:23:05.471Z","assignedTime":"2024-08-02T14:00:00.000Z",\
                "doingTime":"2024-08-03T09:00:00.000Z","closedTime":"2024-08-04T16:00:00.000Z",\
                "createdByUserName":"Example User",""";
        String more = """
                "assignedUserNames":["Example User 1","Example User 2"],"channel":"Example Channel",\
                "formType":"Example Type","latestChannel":"Latest Routed Channel","aiDispatched":false""";
        service.show(
                instance,
                service.period(11, 1234, """
                        {'name':'24-08','start_date':'2024-08-01T00:00:00Z','end_date':'2024-09-01T00:00:00Z',
                         'markers':[{'name':'Example Period Marker','timestamp':'2024-08-02T12:23:05.471Z'}]}"""),
                service.action(
                        11,
                        91011,
                        "{" + members + more + ",'formFields':{'department':'Ops','budget':1200,'tags':['a','b']}}"));
        long id = client.get(service.key(11), "/periods/1234/actions")
                .json()
                .at("/actions/0/periodActionId")
                .asLong();
        assertThat(id).isPositive();
        String action = "{\"periodId\":1234,\"periodName\":\"24-08\",\"periodActionId\":" + id + "," + members
                + "\"periodMarker\":\"Example Period Marker\"," + more;
        assertThat(client.get(service.key(11), "/periods/1234/actions").text())
                .isEqualTo("{\"actions\":[" + action + "}]}");
        assertThat(client.get(
                                service.key(11),
                                "/periods/1234/actions?form_fields=%5B%22department%22%2C%22budget%22%5D")
                        .text())
                .isEqualTo("{\"actions\":[" + action + ",\"formFields\":{\"department\":\"Ops\",\"budget\":1200}}]}");
    }

    @Test
    void absentAndNullFieldsAreServedAsNull() throws InterruptedException {
        service.show(
                instance,
                service.period(12, 1, "{'name':'','start_date':'2024-01-01T00:00:00Z','end_date':null,'markers':null}"),
                service.action(12, 1, "{'createdTime':'2024-01-01T00:00:00Z'}"),
                service.action(12, 2, """
                        {'createdTime':'2024-01-01T00:00:00Z','classification':null,'status':null,'closedTime':null,
                         'assignedUserNames':null,'aiDispatched':null,'formFields':null,'newer':{'a':[1]}}"""));
        JsonNode actions =
                client.get(service.key(12), "/periods/1/actions").json().get("actions");
        for (JsonNode action : actions) {
            assertThat(action.get("status").isNull()).isTrue();
            assertThat(action.get("closedTime").isNull()).isTrue();
            assertThat(action.get("periodMarker").isNull()).isTrue();
            assertThat(action.get("assignedUserNames")).isEmpty();
            assertThat(action.get("aiDispatched").asBoolean()).isFalse();
        }
        assertThat(actions).hasSize(2);
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
            assertThat(client.ask(method, key, path).status()).isEqualTo(404);
            assertThat(client.without(method, path).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "PROPFIND", "get"})
    void aWrongMethodIs405AndSaysWhichAreAllowed(String method) {
        for (String path : List.of("/periods", "/periods/x/actions")) {
            Reply reply = client.without(method, path);
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).hasValue("GET, HEAD");
        }
    }

    @Test
    void whatIsWrongIsLookedForInTheOrderOfTheContract() {
        String worst = "/periods/x/actions?form_fields=x";
        assertThat(client.without("POST", "/nothing").status()).isEqualTo(404);
        assertThat(client.without("POST", worst).status()).isEqualTo(405);
        assertThat(client.without("GET", worst).status()).isEqualTo(401);
        assertThat(client.get(key, worst).message()).isEqualTo(INVALID_PERIOD_ID);
        assertThat(client.get(key, "/periods/999/actions?form_fields=x").message())
                .isEqualTo(INVALID_FORM_FIELDS);
        assertThat(client.get(key, "/periods/999/actions?form_fields=%5B%5D").message())
                .isEqualTo("Period not found");
        assertThat(client.without("GET", "/periods?start_date=x").status()).isEqualTo(401);
        assertThat(client.get(key, "/periods?start_date=x&end_date=x").message())
                .contains("start_date");
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
    void whatIsNoKeyIs401(String header) {
        assertIs401(client.without("GET", "/periods", header.replace("KEY", key)));
        assertIs401(client.without("GET", "/periods/1/actions", header.replace("KEY", key)));
        assertThat(client.without("HEAD", "/periods", header.replace("KEY", key))
                        .status())
                .isEqualTo(401);
    }

    private static void assertIs401(Reply reply) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer");
        assertThat(reply.message()).isNotBlank().doesNotContain(key);
    }

    @Test
    void aKeyInTheQueryOpensNothing() {
        assertIs401(client.without("GET", "/periods?access_token=" + key));
        assertIs401(client.without("GET", "/periods?api_key=" + key + "&Authorization=Bearer+" + key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
    void theSchemeIsWrittenInAnyCase(String scheme) {
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
            String fresh = service.newKey(TEAM, null);
            await().atMost(WITHIN)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> client.get(fresh, "/periods").status() == 200);
            service.publishKey(fresh, null);
            await().atMost(WITHIN)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> client.get(fresh, "/periods").status() == 401);
        }
    }

    @Test
    void aKeyStopsWhenItExpires() throws InterruptedException {
        Instant expiry = Instant.now().plusMillis(1_500);
        String brief = service.newKey(TEAM, expiry);
        await().atMost(WITHIN)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> client.get(brief, "/periods").status() == 200);
        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> client.get(brief, "/periods").status() == 401);
        assertThat(Instant.now()).isBetween(expiry, expiry.plus(WITHIN));
    }

    @Test
    void expiredAndMalformedKeysOpenNothing() throws InterruptedException {
        List<String> closed = new ArrayList<>();
        closed.add(service.newKey(TEAM, Instant.now().minusSeconds(1)));
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
            service.publishKey(malformed, json.getBytes(UTF_8));
            closed.add(malformed);
        }
        // One partition's records come in order: behind them a good one, in every partition.
        for (int i = 0; i < 20; i++) {
            String good = service.newKey(TEAM, null);
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> client.get(good, "/periods").status() == 200);
        }
        closed.forEach(each -> assertIs401(client.get(each, "/periods")));
    }

    @Test
    void aKeyThatIsPublishedAgainOpensTheOtherTeam() throws InterruptedException {
        String moving = service.newKey(TEAM, null);
        await().until(() -> client.get(moving, "/periods/1/actions").status() == 200);
        service.publishKey(moving, new ApiKey(13, "moved", null).toJson());
        await().atMost(WITHIN)
                .until(() -> client.get(moving, "/periods/1/actions").status() == 404);
    }

    @Test
    void aTeamSeesNothingOfAnother() throws InterruptedException {
        // The same ids in both, and teams whose numbers begin alike.
        long[] teams = {2, 25, 258, Long.MAX_VALUE};
        List<Event> events = new ArrayList<>();
        for (long team : teams) {
            events.add(service.period(
                    team, 1, "{'name':'of " + team + "','start_date':'" + LONG_AGO + "','end_date':null}"));
            events.add(service.period(team, team, "{'name':'only','start_date':'" + LONG_AGO + "'}"));
            events.add(service.action(
                    team,
                    1,
                    "{'createdTime':'2024-01-01T00:00:00Z','status':'of " + team + "','formFields':{'of':" + team
                            + "}}"));
        }
        service.show(instance, events.toArray(Event[]::new));
        for (long team : teams) {
            String mine = service.key(team);
            String all = client.get(mine, "/periods").text()
                    + client.get(mine, "/periods/1/actions?form_fields=%5B%22of%22%5D")
                            .text();
            for (long other : teams) {
                if (other != team) {
                    assertThat(all).doesNotContain("of " + other + "\"").doesNotContain("\"of\":" + other + "}");
                    assertThat(client.get(mine, "/periods/" + other + "/actions")
                                    .message())
                            .isEqualTo("Period not found");
                }
            }
            assertThat(all).contains("of " + team + "\"").contains("\"of\":" + team + "}");
        }
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
    void whatIsNoIntegerIs400(String id) {
        Reply reply = client.get(key, "/periods/" + id + "/actions");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(INVALID_PERIOD_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2", "9223372036854775807", "-9223372036854775808"})
    void aPeriodThatTheTeamLacksIs404(String id) {
        Reply reply = client.get(key, "/periods/" + id + "/actions");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.message()).isEqualTo("Period not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "form_fields",
                "form_fields=",
                "form_fields=a",
                "form_fields=%22a%22",
                "form_fields=null",
                "form_fields={}",
                "form_fields=1",
                "form_fields=%5B1%5D",
                "form_fields=%5Bnull%5D",
                "form_fields=%5B%22a%22,1%5D",
                "form_fields=%5B%5B%22a%22%5D%5D",
                "form_fields=%5B%22a%22",
                "form_fields=%5B%22a%22,%5D",
                "form_fields=%5B%22a%22%5D%5B%5D",
                "form_fields=%5B%27a%27%5D",
                "form_fields=%5B%22%FF%22%5D",
                "form_fields=%5B%22a%2",
                "form_fields=%zz",
                "form_fields=%5B%5D&form_fields=%5B%5D",
                "form_fields=%5B%22a%22%5D&x=1&form%5Ffields=%5B%5D"
            })
    void whatIsNoArrayOfStringsIs400(String query) {
        Reply reply = client.get(key, "/periods/1/actions?" + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(INVALID_FORM_FIELDS);
    }

    @Test
    void deeplyNestedFormFieldsAre400() {
        String nested = "%5B".repeat(10_000) + "%5D".repeat(10_000);
        assertThat(client.get(key, "/periods/1/actions?form_fields=" + nested).message())
                .isEqualTo(INVALID_FORM_FIELDS);
    }

    @Test
    void formFieldsAreTheRequestedOnesAndNotesNameTheMissing() {
        assertThat(formFields(TEAM, 1)).hasToString("{'actions':[{},{}]}".replace('\'', '"'));
        assertThat(formFields(TEAM, 1, "a")).hasToString("{'actions':[{'a':null},{'a':1}]}".replace('\'', '"'));
        assertThat(formFields(TEAM, 1, "b", "a", "b", "a"))
                .hasToString(
                        "{'actions':[{'b':[{}],'a':null},{'a':1}],'notes':[{'actionId':1,'missingFormFields':['b']}]}"
                                .replace('\'', '"'));
        assertThat(formFields(TEAM, 1, "z", "", "A", "z"))
                .hasToString(("{'actions':[{},{}],'notes':[{'actionId':2,'missingFormFields':['z','','A']},"
                                + "{'actionId':1,'missingFormFields':['z','','A']}]}")
                        .replace('\'', '"'));
        assertThat(client.get(key, "/periods/1/actions").json().at("/actions/0").has("formFields"))
                .isFalse();
    }

    /** An answer of which only the form fields are left, compared with the reference before. */
    private static JsonNode formFields(long team, long period, String... names) {
        try {
            String target = "/periods/" + period + "/actions?form_fields=" + jsonParameter(List.of(names));
            JsonNode answer = client.get(service.key(team), target).json();
            assertThat(new IdLedger().withoutIds(team, period, answer.deepCopy()))
                    .isEqualTo(service.reference().actions(team, period, List.of(names)));
            StringBuilder rest = new StringBuilder();
            answer.get("actions")
                    .forEach(action -> rest.append(rest.isEmpty() ? "" : ",").append(action.get("formFields")));
            return ReferenceView.parse("{\"actions\":[" + rest + "]"
                    + (answer.has("notes") ? ",\"notes\":" + answer.get("notes") : "") + "}");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String jsonParameter(List<String> names) {
        return URLEncoder.encode(
                names.stream()
                        .map(io.periodview.topics.Json::quote)
                        .collect(java.util.stream.Collectors.joining(",", "[", "]")),
                UTF_8);
    }

    @Test
    void formFieldsHaveAnyNameAndAnyValue() throws InterruptedException {
        String fields = """
                {"größe":1,"日本":"語","\\uD83D\\uDE00":true,"a\\"b":{"x":[1,2,{"y":null}]},"a b":1.5,"a+b":-7,
                 "a&b":1E+400,"":"","\\n":"\\u0000","n":123456789012345678901234567890,"%41":"<script>"}""";
        service.show(
                instance,
                service.period(14, 1, "{'name':'Straße \\uD83D\\uDE00','start_date':'" + LONG_AGO + "'}"),
                new Event(
                        "actions",
                        "14/1",
                        1,
                        "{\"createdTime\":\"2024-01-01T00:00:00Z\",\"formFields\":" + fields + "}"));
        List<String> names = new ArrayList<>(List.of("nobody has it"));
        ReferenceView.parse(fields).fieldNames().forEachRemaining(names::add);
        JsonNode answer = formFields(14, 1, names.toArray(String[]::new));
        assertThat(answer.at("/actions/0")).hasSize(11);
        assertThat(answer.at("/notes/0/missingFormFields")).hasToString("[\"nobody has it\"]");
    }

    @Test
    void numbersAreServedAsTheyWereWritten() throws InterruptedException {
        service.show(
                instance,
                service.period(27, 1, "{'name':'a','start_date':'" + LONG_AGO + "'}"),
                service.action(
                        27, 1, "{'createdTime':'2024-01-01T00:00:00Z','formFields':{'n':[1.50,-0.0,1e400,1E-2]}}"));
        assertThat(client.get(service.key(27), "/periods/1/actions?form_fields=%5B%22n%22%5D")
                        .text())
                .endsWith(",\"formFields\":{\"n\":[1.50,-0.0,1e400,1E-2]}}]}");
    }

    @Test
    void aListOfFormFieldsMayBeLong() {
        List<String> names = IntStream.range(0, 4_000).mapToObj(i -> "n" + i).toList();
        JsonNode answer = formFields(TEAM, 1, names.toArray(String[]::new));
        assertThat(answer.at("/notes/1/missingFormFields")).hasSize(4_000);
    }

    @Test
    void formFieldsMayComeWithoutPercentEncodingButForTheQuotes() {
        assertThat(client.get(key, "/periods/1/actions?form_fields=[%22a%22]").status())
                .isEqualTo(200);
        assertThat(client.get(key, "/periods/1/actions?form%5ffields=[+%22a%22+]&")
                        .json()
                        .at("/actions/1/formFields/a")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void unknownParametersAreIgnored() {
        String plain = client.get(key, "/periods/1/actions").text();
        for (String query : List.of(
                "?",
                "?x",
                "?x=1&x=2",
                "?&&=&",
                "?%zz=%zz",
                "?formFields=x",
                "?start_date=x",
                "?FORM_FIELDS=x",
                "?x=%00",
                "?x=1;form_fields=2")) {
            assertThat(client.get(key, "/periods/1/actions" + query).text())
                    .as(query)
                    .isEqualTo(plain);
        }
        assertThat(client.get(key, "/periods?form_fields=x&startDate=x&%FF=1").status())
                .isEqualTo(200);
    }

    @Test
    void periodsLieWithinTheRange() throws InterruptedException {
        service.show(
                instance,
                service.period(
                        15, 3, "{'name':'a','start_date':'2024-01-02T00:00:00Z','end_date':'2024-01-03T00:00:00Z'}"),
                service.period(
                        15, 1, "{'name':'b','start_date':'2024-01-02T00:00:00Z','end_date':'2024-01-05T00:00:00Z'}"),
                service.period(15, 2, "{'name':'c','start_date':'2024-01-01T00:00:00Z','end_date':null}"),
                service.period(15, 4, "{'name':'d','start_date':'2024-01-04T00:00:00Z'}"));
        assertThat(periods(15, "")).containsExactly(2, 1, 3, 4);
        assertThat(periods(15, "?start_date=2024-01-02T00:00:00.000Z")).containsExactly(1, 3, 4);
        assertThat(periods(15, "?start_date=2024-01-02T00:00:00.001Z")).containsExactly(4);
        assertThat(periods(15, "?end_date=2024-01-05T00:00:00.000Z")).containsExactly(1, 3);
        assertThat(periods(15, "?end_date=2024-01-04T23:59:59.999Z")).containsExactly(3);
        assertThat(periods(15, "?start_date=2024-01-01T00:00Z&end_date=2024-01-03T00:00Z"))
                .containsExactly(3);
        assertThat(periods(15, "?start_date=2024-01-03T00:00Z&end_date=2024-01-02T00:00Z"))
                .isEmpty();
        assertThat(periods(15, "?end_date=9999-12-31T23:59:59.999Z")).containsExactly(1, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-02T00:00:00Z",
                "2024-01-02t00:00:00z",
                "2024-01-02T00:00Z",
                "2024-01-02T00:00:00.0000000000000000001Z",
                "2024-01-02T02:00:00%2B02:00",
                "2024-01-02T02:00:00+02:00",
                "2024-01-02T02:00:00%2002:00",
                "2024-01-02T02:00+02",
                "2024-01-02T02:00+0200",
                "2024-01-01T18:30:00-05:30",
                "2024-01-02T00%3A00%3A00Z"
            })
    void oneMomentIsWrittenInManyWays(String moment) throws InterruptedException {
        service.show(
                instance,
                service.period(16, 1, "{'name':'a','start_date':'2024-01-01T23:59:59.999Z'}"),
                service.period(16, 2, "{'name':'b','start_date':'2024-01-02T00:00:00.000Z'}"));
        assertThat(periods(16, "?start_date=" + moment)).containsExactly(2);
    }

    private static List<Integer> periods(long team, String query) throws InterruptedException {
        List<Integer> ids = new ArrayList<>();
        client.get(service.key(team), "/periods" + query)
                .json()
                .get("periods")
                .forEach(period -> ids.add(period.get("id").asInt()));
        return ids;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "2024-01-02",
                "2024-01-02T00:00:00",
                "2024-13-02T00:00:00Z",
                "2024-02-30T00:00:00Z",
                "2024-01-02T24:00:00Z",
                "2024-01-02T00:00:60Z",
                "1704153600000",
                "2024-01-02T00:00:00Z%00",
                "%zz",
                "%FF",
                "2024-01-02T00:00:00++02:00",
                "2024-01-02T00:00:00Z&start_date=2024-01-02T00:00:00Z",
                "12024-01-02T00:00:00Z",
                "-2024-01-02T00:00:00Z"
            })
    void whatIsNoDateIs400(String date) {
        Reply start = client.get(key, "/periods?start_date=" + date);
        assertThat(start.status()).isEqualTo(400);
        assertThat(start.message()).contains("start_date").contains("ISO 8601").contains("offset");
        Reply end = client.get(key, "/periods?end_date=" + date.replace("start_date", "end_date"));
        assertThat(end.status()).isEqualTo(400);
        assertThat(end.message()).contains("end_date").contains("ISO 8601");
    }

    @Test
    void actionsAreOrderedByCreatedTimeThenId() throws InterruptedException {
        service.show(
                instance,
                service.period(17, 1, "{'name':'a','start_date':'" + LONG_AGO + "'}"),
                service.action(17, 300, "{'createdTime':'2024-01-01T00:00:00.001Z'}"),
                service.action(17, Long.MAX_VALUE, "{'createdTime':'2024-01-01T00:00:00.000Z'}"),
                service.action(17, 10, "{'createdTime':'2024-01-01T00:00:00.000999999Z'}"),
                service.action(17, 9, "{'createdTime':'2024-01-01T01:00:00.000+01:00'}"),
                service.action(17, 1, "{'createdTime':'2024-01-01T00:00:00.002Z'}"),
                service.action(17, 2, "{'createdTime':'1969-12-31T23:59:59.9999Z'}"),
                service.action(17, 3, "{'createdTime':'1970-01-01T00:00:00Z'}"),
                service.action(17, 4, "{'createdTime':'0001-01-01T00:00:00Z'}"),
                service.action(17, 5, "{'createdTime':'0000-12-31T23:59:59.999Z'}"),
                service.action(17, 6, "{'createdTime':'9999-12-31T23:59:59.999999Z'}"));
        JsonNode actions =
                client.get(service.key(17), "/periods/1/actions").json().get("actions");
        assertThat(actions.findValuesAsText("actionId"))
                .containsExactly("4", "2", "3", "9", "10", "9223372036854775807", "300", "1", "6");
        assertThat(actions.findValuesAsText("createdTime"))
                .startsWith("0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z")
                .endsWith("9999-12-31T23:59:59.999Z");
    }

    @Test
    void aPeriodHoldsItsStartAndNotItsEnd() throws InterruptedException {
        service.show(
                instance,
                service.period(18, 1, "{'name':'a','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"),
                service.period(18, 2, "{'name':'b','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"),
                service.period(18, 3, "{'name':'open','start_date':'2024-01-02T00:00Z','end_date':null}"),
                service.action(18, 1, "{'createdTime':'2024-01-01T00:00:00.000Z'}"),
                service.action(18, 2, "{'createdTime':'2024-01-01T23:59:59.999Z'}"),
                service.action(18, 3, "{'createdTime':'2024-01-02T00:00:00.000Z'}"));
        assertThat(actionIds(18, 1)).containsExactly("1", "2");
        assertThat(actionIds(18, 2)).containsExactly("3");
        assertThat(actionIds(18, 3)).containsExactly("3");
        service.show(
                instance,
                service.period(
                        18,
                        3,
                        "{'name':'shut','start_date':'2024-01-01T00:00Z','end_date':'2024-01-01T00:00:00.001Z'}"));
        assertThat(actionIds(18, 3)).containsExactly("1");
        service.show(instance, new Event("actions", "18/1", 1, null), new Event("periods", "18/2", 1, null));
        assertThat(actionIds(18, 3)).isEmpty();
        assertThat(client.get(service.key(18), "/periods/2/actions").message()).isEqualTo("Period not found");
    }

    private static List<String> actionIds(long team, long period) throws InterruptedException {
        return client.get(service.key(team), "/periods/" + period + "/actions")
                .json()
                .get("actions")
                .findValuesAsText("actionId");
    }

    @Test
    void theMarkerIsTheLastAtOrBefore() throws InterruptedException {
        service.show(
                instance,
                service.period(19, 1, """
                        {'name':'a','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z','markers':[
                          {'name':'late','timestamp':'2024-01-01T12:00Z'},
                          {'name':'first','timestamp':'2024-01-01T06:00:00.0009Z'},
                          {'name':'twin','timestamp':'2024-01-01T06:00Z'},
                          {'name':'after the end','timestamp':'2025-01-01T00:00Z'}]}"""),
                service.period(19, 2, """
                        {'name':'b','start_date':'2024-01-01T00:00Z',
                         'markers':{'name':'before the start','timestamp':'1960-01-01T00:00Z'}}"""),
                service.action(19, 1, "{'createdTime':'2024-01-01T05:59:59.999Z'}"),
                service.action(19, 2, "{'createdTime':'2024-01-01T06:00:00.000Z'}"),
                service.action(19, 3, "{'createdTime':'2024-01-01T12:00:00.000Z'}"));
        JsonNode actions =
                client.get(service.key(19), "/periods/1/actions").json().get("actions");
        assertThat(actions.findValuesAsText("periodMarker")).containsExactly("null", "twin", "late");
        assertThat(client.get(service.key(19), "/periods/2/actions")
                        .json()
                        .get("actions")
                        .findValuesAsText("periodMarker"))
                .containsOnly("before the start");
        assertThat(client.get(service.key(19), "/periods")
                        .json()
                        .at("/periods/0/markers")
                        .findValuesAsText("name"))
                .containsExactly("first", "twin", "late", "after the end");
    }

    @Test
    void aPeriodKnowsWhenItBegan() throws InterruptedException {
        Event first = new Event("periods", "20/1", 1_000, "{\"name\":\"a\",\"start_date\":\"2024-01-01T00:00Z\"}");
        Event second = new Event("periods", "20/1", 500, "{\"name\":\"b\",\"start_date\":\"2024-01-01T00:00Z\"}");
        service.show(instance, first, second);
        assertThat(client.get(service.key(20), "/periods").text())
                .contains("\"created_at\":\"1970-01-01T00:00:01.000Z\",\"updated_at\":\"1970-01-01T00:00:00.500Z\"");
    }

    @Test
    void numbersKeepTheirIds() throws InterruptedException {
        service.show(
                instance,
                service.period(
                        21, Long.MAX_VALUE, "{'id':9223372036854775807,'name':'a','start_date':'" + LONG_AGO + "'}"),
                service.action(
                        21, 9007199254740993L, "{'actionId':9007199254740993,'createdTime':'2024-01-01T00:00:00Z'}"));
        assertThat(client.get(service.key(21), "/periods/9223372036854775807/actions")
                        .text())
                .contains("\"periodId\":9223372036854775807,", "\"actionId\":9007199254740993,");
        String before = client.get(service.key(21), "/periods/9223372036854775807/actions")
                .text();
        service.show(
                instance,
                service.action(21, 9007199254740993L, "{'createdTime':'2024-01-01T00:00:00Z','status':'closed'}"),
                service.period(21, Long.MAX_VALUE, "{'name':'a','start_date':'2000-01-01T00:00Z'}"));
        assertThat(client.get(service.key(21), "/periods/9223372036854775807/actions")
                        .text())
                .isEqualTo(before.replace("\"status\":null", "\"status\":\"closed\""));
    }

    @Test
    void aBadEventLeavesWhatStoodBefore() throws InterruptedException {
        service.show(
                instance,
                service.period(22, 1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"),
                service.action(22, 1, "{'createdTime':'2024-01-01T00:00:00Z'}"));
        service.publishRaw("periods", "22/1", "{\"name\":\"bad\"}");
        service.publishRaw("actions", "22/1", "{\"createdTime\":\"yesterday\"}");
        service.publishRaw("actions", "22/2", "");
        service.show(
                instance,
                service.period(22, 2, "{'name':'b','start_date':'2024-01-01T00:00Z'}"),
                service.action(22, 3, "{'createdTime':'2024-01-01T00:00:00Z'}"));
        assertThat(actionIds(22, 1)).containsExactly("1", "3");
    }

    @Test
    void aTeamWithoutPeriodsHasNone() throws InterruptedException {
        String empty = service.key(23);
        await().until(() -> client.get(empty, "/periods").status() == 200);
        assertThat(client.get(empty, "/periods").text()).isEqualTo("{\"periods\":[]}");
        service.show(instance, service.period(23, 1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"));
        assertThat(client.get(empty, "/periods/1/actions").text()).isEqualTo("{\"actions\":[]}");
        assertThat(client.get(empty, "/periods/1/actions?form_fields=%5B%22a%22%5D")
                        .text())
                .isEqualTo("{\"actions\":[]}");
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
    void headSaysWhatGetWouldSay(String target, int status) throws IOException {
        Reply get = client.get(key, target);
        Reply head = client.head(key, target);
        assertThat(head.status()).isEqualTo(get.status()).isEqualTo(status);
        for (String name : List.of("Content-Length", "Content-Type", "Vary", "Cache-Control")) {
            assertThat(head.header(name)).as(name).isEqualTo(get.header(name));
        }
        try (var socket = client.connect()) {
            socket.getOutputStream()
                    .write(("HEAD " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                       | true
            GZIP                       | true
            x-gzip                     | true
            gzip, deflate, br, zstd    | true
            deflate, gzip;q=1.0, *;q=0 | true
            *                          | true
            gzip;q=0.5                 | true
            gzip;q=0.5, identity;q=0.5 | true
            identity;q=0, gzip;q=0.001 | true
            gzip;q=0                   | false
            gzip; q=0.000              | false
            gzip;Q=0                   | false
            gzip;q=0, *                | false
            *;q=0                      | false
            gzip;q=0.4, identity       | false
            gzip;q=x                   | false
            gzip;q=NaN                 | false
            identity                   | false
            br                         | false
            gzipped                    | false
            ,;,q=1                     | false
            """)
    void anAnswerIsCompressedIfTheReaderWantsIt(String accepted, boolean compressed) throws InterruptedException {
        Client reader = new Client(instance.port());
        String many = service.key(24);
        if (!service.reference().periodIds(24).contains(1L)) {
            List<Event> events = new ArrayList<>();
            events.add(service.period(24, 1, "{'name':'a','start_date':'" + LONG_AGO + "'}"));
            for (int i = 1; i <= 50; i++) {
                events.add(
                        service.action(24, i, "{'createdTime':'2024-01-01T00:00:00Z','formFields':{'i':" + i + "}}"));
            }
            service.show(instance, events.toArray(Event[]::new));
        }
        for (String target : List.of("/periods/1/actions", "/periods/1/actions?form_fields=%5B%22i%22,%22j%22%5D")) {
            Reply plain = reader.get(many, target);
            Reply reply = reader.get(many, target, "Accept-Encoding: " + accepted);
            assertThat(reply.header("Content-Encoding").isPresent()).isEqualTo(compressed);
            assertThat(reply.content()).isEqualTo(plain.body());
            assertThat(reply.header("Vary"))
                    .hasValueSatisfying(vary -> assertThat(vary).contains("Accept-Encoding"));
            assertThat(reader.head(many, target, "Accept-Encoding: " + accepted).header("Content-Length"))
                    .hasValue(Integer.toString(reply.body().length));
            if (compressed) {
                assertThat(reply.body()).hasSizeLessThan(plain.body().length / 4);
            }
        }
        assertThat(reader.get(many, "/periods/x/actions", "Accept-Encoding: " + accepted)
                        .message())
                .isEqualTo(INVALID_PERIOD_ID);
    }

    @Test
    void theEncodingMayBeGivenInSeveralHeaders() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            events.add(service.period(26, i, "{'name':'a','start_date':'2024-01-01T00:00Z'}"));
        }
        service.show(instance, events.toArray(Event[]::new));
        assertThat(client.get(service.key(26), "/periods", "Accept-Encoding: br", "Accept-Encoding: gzip")
                        .header("Content-Encoding"))
                .hasValue("gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/periods", "/periods/1/actions", "/periods/999/actions"})
    void anAnswerIsNotKeptByCachesForOthers(String target) {
        Reply reply = client.get(key, target);
        assertThat(reply.header("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("private"));
        assertThat(reply.header("Vary"))
                .hasValueSatisfying(value -> assertThat(value).contains("Authorization"));
        assertThat(reply.header("Server")).isEmpty();
    }

    @Test
    void readersOfAnInstanceThatStartsAreToldToComeAgain() {
        try (Instance starting = Instance.open("127.0.0.1", 0, 0)) {
            Client reader = new Client(starting.port());
            Reply reply = reader.get(key, "/periods");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reader.get(key, "/periods/1/actions").status()).isEqualTo(503);
            assertThat(reader.without("GET", "/periods").status()).isEqualTo(401);
            assertThat(reader.without("PUT", "/periods").status()).isEqualTo(405);
            assertThat(reader.get(key, "/nothing").status()).isEqualTo(404);
        }
    }

    @Test
    void theReferenceAgreesOnAllTeams() throws InterruptedException {
        for (long team : service.reference().teamIds()) {
            service.awaitShown(instance, team);
        }
    }
}
