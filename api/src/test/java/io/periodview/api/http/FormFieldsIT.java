package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.Json;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameter {@code form_fields}: what it may be, and what it adds to an answer. */
class FormFieldsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final String INVALID = "Invalid form_fields. It must be an array of strings.";
    private static final String ACTIONS = "/periods/1/actions";

    /** Has the actions 2 and 1, in this order. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        team = service.newTeam();
        team.show(
                team.period(1, "{'name':'2024','start_date':'2024-01-01T00:00Z','end_date':'2025-01-01T00:00Z'}"),
                team.action(1, "{'createdTime':'2024-03-01T00:00:00Z','formFields':{'a':1}}"),
                team.action(2, "{'createdTime':'2024-02-01T00:00:00Z','formFields':{'a':null,'b':[{}]}}"));
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
    void anythingButOneArrayOfStringsIs400(String query) {
        Reply reply = team.get(ACTIONS + "?" + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo(INVALID);
    }

    @Test
    void deeplyNestedArraysAre400() {
        String nested = "%5B".repeat(2_000) + "%5D".repeat(2_000);
        assertThat(team.get(ACTIONS + "?form_fields=" + nested).message()).isEqualTo(INVALID);
    }

    @Test
    void requestedFieldsAreServedAndMissingOnesNoted() {
        assertThat(formFields(team)).hasToString("{'actions':[{},{}]}".replace('\'', '"'));
        assertThat(formFields(team, "a")).hasToString("{'actions':[{'a':null},{'a':1}]}".replace('\'', '"'));
        assertThat(formFields(team, "b", "a", "b", "a"))
                .hasToString(
                        "{'actions':[{'b':[{}],'a':null},{'a':1}],'notes':[{'actionId':1,'missingFormFields':['b']}]}"
                                .replace('\'', '"'));
        assertThat(formFields(team, "z", "", "A", "z"))
                .hasToString(("{'actions':[{},{}],'notes':[{'actionId':2,'missingFormFields':['z','','A']},"
                                + "{'actionId':1,'missingFormFields':['z','','A']}]}")
                        .replace('\'', '"'));
        assertThat(team.actions(1).at("/0").has("formFields")).isFalse();
    }

    @Test
    void fieldsMayHaveAnyNameAndAnyValue() throws InterruptedException {
        String fields = """
                {"größe":1,"日本":"語","\\uD83D\\uDE00":true,"a\\"b":{"x":[1,2,{"y":null}]},"a b":1.5,"a+b":-7,
                 "a&b":1E+400,"":"","\\n":"\\u0000","n":123456789012345678901234567890,"%41":"<script>"}""";
        Team fresh = service.newTeam();
        fresh.show(
                fresh.period(1, "{'name':'Straße \\uD83D\\uDE00','start_date':'0001-01-01T00:00:00Z'}"),
                fresh.action(1, "{\"createdTime\":\"2024-01-01T00:00:00Z\",\"formFields\":" + fields + "}"));
        List<String> names = new ArrayList<>(List.of("nobody has it"));
        ReferenceView.parse(fields).fieldNames().forEachRemaining(names::add);
        JsonNode answer = formFields(fresh, names.toArray(String[]::new));
        assertThat(answer.at("/actions/0")).hasSize(11);
        assertThat(answer.at("/notes/0/missingFormFields")).hasToString("[\"nobody has it\"]");
    }

    @Test
    void numbersAreServedAsTheyWereWritten() throws InterruptedException {
        Team fresh = service.newTeam();
        fresh.show(
                fresh.period(1, "{'name':'a','start_date':'0001-01-01T00:00:00Z'}"),
                fresh.action(1, "{'createdTime':'2024-01-01T00:00:00Z','formFields':{'n':[1.50,-0.0,1e400,1E-2]}}"));
        assertThat(fresh.get(ACTIONS + "?form_fields=%5B%22n%22%5D").text())
                .endsWith(",\"formFields\":{\"n\":[1.50,-0.0,1e400,1E-2]}}]}");
    }

    @Test
    void aHundredNamesAreAccepted() {
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "n" + i).toList();
        JsonNode answer = formFields(team, names.toArray(String[]::new));
        assertThat(answer.at("/notes/1/missingFormFields")).hasSize(100);
    }

    @Test
    void onlyQuotesNeedPercentEncoding() {
        assertThat(team.get(ACTIONS + "?form_fields=[%22a%22]").status()).isEqualTo(200);
        assertThat(team.get(ACTIONS + "?form%5ffields=[+%22a%22+]&")
                        .json()
                        .at("/actions/1/formFields/a")
                        .asInt())
                .isEqualTo(1);
    }

    /** The answer for the period 1, compared with the reference and reduced to its form fields and notes. */
    private static JsonNode formFields(Team team, String... names) {
        String target = ACTIONS + "?form_fields=" + parameter(List.of(names));
        JsonNode answer = team.get(target).json();
        assertThat(new IdLedger().withoutIds(team.id(), 1, answer.deepCopy()))
                .isEqualTo(team.expectedActions(1, List.of(names)));
        StringBuilder rest = new StringBuilder();
        answer.get("actions")
                .forEach(action -> rest.append(rest.isEmpty() ? "" : ",").append(action.get("formFields")));
        return ReferenceView.parse(
                "{\"actions\":[" + rest + "]" + (answer.has("notes") ? ",\"notes\":" + answer.get("notes") : "") + "}");
    }

    private static String parameter(List<String> names) {
        return URLEncoder.encode(names.stream().map(Json::quote).collect(joining(",", "[", "]")), UTF_8);
    }
}
