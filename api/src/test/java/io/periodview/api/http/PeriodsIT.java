package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.testkit.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /periods}: what a period shows, and which periods lie within a range. */
class PeriodsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    /** Has a period that starts just before 2024-01-02 in UTC, 1, and one that starts then, 2. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        team = service.newTeam();
        team.show(
                team.period(1, "{'name':'a','start_date':'2024-01-01T23:59:59.999Z'}"),
                team.period(2, "{'name':'b','start_date':'2024-01-02T00:00:00.000Z'}"));
    }

    @Test
    void aPeriodHasExactlyTheMembersOfTheContract() throws InterruptedException {
        Team fresh = service.newTeam();
        fresh.show(fresh.period(1, """
                {"id":1,"name":"Example Period","start_date":"2024-07-18T18:30:00.000Z",
                 "end_date":"2024-07-18T20:30:00.000Z",
                 "created_at":"2024-07-18T19:26:16.624Z","updated_at":"2024-07-26T06:02:03.257Z",
                 "markers":[{"name":"Example Period Marker","timestamp":"2024-07-18T18:40:00.000Z"}]}"""));
        assertThat(fresh.get("/periods").text()).isEqualTo("""
                {"periods":[{"id":1,"name":"Example Period","start_date":"2024-07-18T18:30:00.000Z",\
                "end_date":"2024-07-18T20:30:00.000Z","created_at":"2024-07-18T19:26:16.624Z",\
                "updated_at":"2024-07-26T06:02:03.257Z",\
                "markers":[{"name":"Example Period Marker","timestamp":"2024-07-18T18:40:00.000Z"}]}]}""");
    }

    @Test
    void createdAtIsOfTheFirstRecordAndUpdatedAtOfTheLast() throws InterruptedException {
        Team fresh = service.newTeam();
        String key = fresh.id() + "/1";
        fresh.show(
                new Event("periods", key, 1_000, "{\"name\":\"a\",\"start_date\":\"2024-01-01T00:00Z\"}"),
                new Event("periods", key, 500, "{\"name\":\"b\",\"start_date\":\"2024-01-01T00:00Z\"}"));
        assertThat(fresh.get("/periods").text())
                .contains("\"created_at\":\"1970-01-01T00:00:01.000Z\",\"updated_at\":\"1970-01-01T00:00:00.500Z\"");
    }

    @Test
    void aNewTeamHasNoPeriodsAndANewPeriodNoActions() throws InterruptedException {
        Team fresh = service.newTeam();
        assertThat(fresh.get("/periods").text()).isEqualTo("{\"periods\":[]}");
        fresh.show(fresh.period(1, "{'name':'a','start_date':'2024-01-01T00:00Z'}"));
        assertThat(fresh.get("/periods/1/actions").text()).isEqualTo("{\"actions\":[]}");
        assertThat(fresh.get("/periods/1/actions?form_fields=%5B%22a%22%5D").text())
                .isEqualTo("{\"actions\":[]}");
    }

    @Test
    void theRangeSelectsPeriodsThatLieWithinIt() throws InterruptedException {
        Team fresh = service.newTeam();
        fresh.show(
                fresh.period(3, "{'name':'a','start_date':'2024-01-02T00:00:00Z','end_date':'2024-01-03T00:00:00Z'}"),
                fresh.period(1, "{'name':'b','start_date':'2024-01-02T00:00:00Z','end_date':'2024-01-05T00:00:00Z'}"),
                fresh.period(2, "{'name':'c','start_date':'2024-01-01T00:00:00Z','end_date':null}"),
                fresh.period(4, "{'name':'d','start_date':'2024-01-04T00:00:00Z'}"));
        assertThat(periodIds(fresh, "")).containsExactly(2, 1, 3, 4);
        assertThat(periodIds(fresh, "?start_date=2024-01-02T00:00:00.000Z")).containsExactly(1, 3, 4);
        assertThat(periodIds(fresh, "?start_date=2024-01-02T00:00:00.001Z")).containsExactly(4);
        assertThat(periodIds(fresh, "?end_date=2024-01-05T00:00:00.000Z")).containsExactly(1, 3);
        assertThat(periodIds(fresh, "?end_date=2024-01-04T23:59:59.999Z")).containsExactly(3);
        assertThat(periodIds(fresh, "?start_date=2024-01-01T00:00Z&end_date=2024-01-03T00:00Z"))
                .containsExactly(3);
        assertThat(periodIds(fresh, "?start_date=2024-01-03T00:00Z&end_date=2024-01-02T00:00Z"))
                .isEmpty();
        assertThat(periodIds(fresh, "?end_date=9999-12-31T23:59:59.999Z")).containsExactly(1, 3);
    }

    private static List<Integer> periodIds(Team team, String query) {
        List<Integer> ids = new ArrayList<>();
        team.get("/periods" + query)
                .json()
                .get("periods")
                .forEach(period -> ids.add(period.get("id").asInt()));
        return ids;
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
    void aDateMayHaveAnyIso8601Form(String date) {
        assertThat(periodIds(team, "?start_date=" + date)).containsExactly(2);
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
    void anInvalidDateIs400(String date) {
        Reply start = team.get("/periods?start_date=" + date);
        assertThat(start.status()).isEqualTo(400);
        assertThat(start.message()).contains("start_date").contains("ISO 8601").contains("offset");
        Reply end = team.get("/periods?end_date=" + date.replace("start_date", "end_date"));
        assertThat(end.status()).isEqualTo(400);
        assertThat(end.message()).contains("end_date").contains("ISO 8601");
    }
}
