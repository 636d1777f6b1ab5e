package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code GET /periods/{period_id}/actions}: which actions a period has, and what they show. */
class PeriodActionsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final String LONG_AGO = "0001-01-01T00:00:00Z";
    private static final String ACTIONS = "/periods/1/actions";

    private Team team;

    @BeforeEach
    void newTeam() throws InterruptedException {
        team = service.newTeam();
    }

    @Test
    void anActionHasExactlyTheMembersOfTheContract() throws InterruptedException {
        String members = """
                "actionId":91011,"classification":"Example Classification",\
                "subClassification":"Example Sub-Classification","status":"canceled",\
                "createdTime":"2024-08-02T12:23:05.471Z","assignedTime":"2024-08-02T14:00:00.000Z",\
                "doingTime":"2024-08-03T09:00:00.000Z","closedTime":"2024-08-04T16:00:00.000Z",\
                "createdByUserName":"Example User",""";
        String more = """
                "assignedUserNames":["Example User 1","Example User 2"],"channel":"Example Channel",\
                "formType":"Example Type","latestChannel":"Latest Routed Channel","aiDispatched":false""";
        team.show(
                team.period(1234, """
                        {'name':'24-08','start_date':'2024-08-01T00:00:00Z','end_date':'2024-09-01T00:00:00Z',
                         'markers':[{'name':'Example Period Marker','timestamp':'2024-08-02T12:23:05.471Z'}]}"""),
                team.action(
                        91011,
                        "{" + members + more + ",'formFields':{'department':'Ops','budget':1200,'tags':['a','b']}}"));
        long id = team.actions(1234).at("/0/periodActionId").asLong();
        assertThat(id).isPositive();
        String action = "{\"periodId\":1234,\"periodName\":\"24-08\",\"periodActionId\":" + id + "," + members
                + "\"periodMarker\":\"Example Period Marker\"," + more;
        assertThat(team.get("/periods/1234/actions").text()).isEqualTo("{\"actions\":[" + action + "}]}");
        assertThat(team.get("/periods/1234/actions?form_fields=%5B%22department%22%2C%22budget%22%5D")
                        .text())
                .isEqualTo("{\"actions\":[" + action + ",\"formFields\":{\"department\":\"Ops\",\"budget\":1200}}]}");
    }

    @Test
    void absentAndNullFieldsAreServedAsNull() throws InterruptedException {
        team.show(
                team.period(1, "{'name':'','start_date':'2024-01-01T00:00:00Z','end_date':null,'markers':null}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00:00Z'}"),
                team.action(2, """
                        {'createdTime':'2024-01-01T00:00:00Z','classification':null,'status':null,'closedTime':null,
                         'assignedUserNames':null,'aiDispatched':null,'formFields':null,'newer':{'a':[1]}}"""));
        JsonNode actions = team.actions(1);
        for (JsonNode action : actions) {
            assertThat(action.get("status").isNull()).isTrue();
            assertThat(action.get("closedTime").isNull()).isTrue();
            assertThat(action.get("periodMarker").isNull()).isTrue();
            assertThat(action.get("assignedUserNames")).isEmpty();
            assertThat(action.get("aiDispatched").asBoolean()).isFalse();
        }
        assertThat(actions).hasSize(2);
    }

    @Test
    void actionsAreOrderedByCreatedTimeThenId() throws InterruptedException {
        team.show(
                team.period(1, "{'name':'a','start_date':'" + LONG_AGO + "'}"),
                team.action(300, "{'createdTime':'2024-01-01T00:00:00.001Z'}"),
                team.action(Long.MAX_VALUE, "{'createdTime':'2024-01-01T00:00:00.000Z'}"),
                team.action(10, "{'createdTime':'2024-01-01T00:00:00.000999999Z'}"),
                team.action(9, "{'createdTime':'2024-01-01T01:00:00.000+01:00'}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00:00.002Z'}"),
                team.action(2, "{'createdTime':'1969-12-31T23:59:59.9999Z'}"),
                team.action(3, "{'createdTime':'1970-01-01T00:00:00Z'}"),
                team.action(4, "{'createdTime':'0001-01-01T00:00:00Z'}"),
                team.action(5, "{'createdTime':'0000-12-31T23:59:59.999Z'}"),
                team.action(6, "{'createdTime':'9999-12-31T23:59:59.999999Z'}"));
        assertThat(team.actionIds(1)).containsExactly("4", "2", "3", "9", "10", "9223372036854775807", "300", "1", "6");
        assertThat(team.actions(1).findValuesAsText("createdTime"))
                .startsWith("0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z")
                .endsWith("9999-12-31T23:59:59.999Z");
    }

    @Test
    void aPeriodContainsItsStartButNotItsEnd() throws InterruptedException {
        team.show(
                team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"),
                team.period(2, "{'name':'b','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"),
                team.period(3, "{'name':'open','start_date':'2024-01-02T00:00Z','end_date':null}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00:00.000Z'}"),
                team.action(2, "{'createdTime':'2024-01-01T23:59:59.999Z'}"),
                team.action(3, "{'createdTime':'2024-01-02T00:00:00.000Z'}"));
        assertThat(team.actionIds(1)).containsExactly("1", "2");
        assertThat(team.actionIds(2)).containsExactly("3");
        assertThat(team.actionIds(3)).containsExactly("3");
        team.show(team.period(
                3, "{'name':'shut','start_date':'2024-01-01T00:00Z','end_date':'2024-01-01T00:00:00.001Z'}"));
        assertThat(team.actionIds(3)).containsExactly("1");
        team.show(team.deletedAction(1), team.deletedPeriod(2));
        assertThat(team.actionIds(3)).isEmpty();
        assertThat(team.get("/periods/2/actions").message()).isEqualTo("Period not found");
    }

    @Test
    void theMarkerIsTheLastAtOrBeforeCreatedTime() throws InterruptedException {
        team.show(
                team.period(1, """
                        {'name':'a','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z','markers':[
                          {'name':'late','timestamp':'2024-01-01T12:00Z'},
                          {'name':'first','timestamp':'2024-01-01T06:00:00.0009Z'},
                          {'name':'twin','timestamp':'2024-01-01T06:00Z'},
                          {'name':'after the end','timestamp':'2025-01-01T00:00Z'}]}"""),
                team.period(2, """
                        {'name':'b','start_date':'2024-01-01T00:00Z',
                         'markers':{'name':'before the start','timestamp':'1960-01-01T00:00Z'}}"""),
                team.action(1, "{'createdTime':'2024-01-01T05:59:59.999Z'}"),
                team.action(2, "{'createdTime':'2024-01-01T06:00:00.000Z'}"),
                team.action(3, "{'createdTime':'2024-01-01T12:00:00.000Z'}"));
        assertThat(team.actions(1).findValuesAsText("periodMarker")).containsExactly("null", "twin", "late");
        assertThat(team.actions(2).findValuesAsText("periodMarker")).containsOnly("before the start");
        assertThat(team.get("/periods").json().at("/periods/0/markers").findValuesAsText("name"))
                .containsExactly("first", "twin", "late", "after the end");
    }

    @Test
    void largeIdsAreExactAndUpdatesKeepThePeriodActionId() throws InterruptedException {
        String target = "/periods/9223372036854775807/actions";
        team.show(
                team.period(Long.MAX_VALUE, "{'id':9223372036854775807,'name':'a','start_date':'" + LONG_AGO + "'}"),
                team.action(9007199254740993L, "{'actionId':9007199254740993,'createdTime':'2024-01-01T00:00:00Z'}"));
        String before = team.get(target).text();
        assertThat(before).contains("\"periodId\":9223372036854775807,", "\"actionId\":9007199254740993,");
        team.show(
                team.action(9007199254740993L, "{'createdTime':'2024-01-01T00:00:00Z','status':'closed'}"),
                team.period(Long.MAX_VALUE, "{'name':'a','start_date':'2000-01-01T00:00Z'}"));
        assertThat(team.get(target).text()).isEqualTo(before.replace("\"status\":null", "\"status\":\"closed\""));
    }

    @Test
    void anInvalidEventLeavesThePreviousStateInPlace() throws InterruptedException {
        team.show(
                team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00:00Z'}"));
        service.publisher().publishUnreferenced(team.period(1, "{'name':'bad'}"));
        service.publisher().publishUnreferenced(team.action(1, "{'createdTime':'yesterday'}"));
        service.publisher().publishUnreferenced(team.action(2, ""));
        team.show(
                team.period(2, "{'name':'b','start_date':'2024-01-01T00:00Z'}"),
                team.action(3, "{'createdTime':'2024-01-01T00:00:00Z'}"));
        assertThat(team.actionIds(1)).containsExactly("1", "3");
    }

    @Test
    void unknownParametersAreIgnored() throws InterruptedException {
        team.show(
                team.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"),
                team.action(1, "{'createdTime':'2024-01-01T00:00:00Z','formFields':{'a':1}}"));
        String plain = team.get(ACTIONS).text();
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
            assertThat(team.get(ACTIONS + query).text()).as(query).isEqualTo(plain);
        }
        assertThat(team.get("/periods?form_fields=x&startDate=x&%FF=1").status())
                .isEqualTo(200);
    }
}
