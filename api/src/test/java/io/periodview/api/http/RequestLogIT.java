package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.testkit.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The line that each request leaves in the log. */
class RequestLogIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    @RegisterExtension
    static final LogCheck log = new LogCheck(service);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SECRET = LogCheck.SECRET;
    private static final int MANY = 200;

    /** The test's key is called so. */
    private static final String BY_KEY = " key=test client=127.0.0.1";

    /** Has the periods 1, with one action, and 2, with many. */
    private static Team team;

    private static String of;

    private int before;

    @BeforeAll
    static void publish() throws InterruptedException {
        team = service.newTeam();
        of = " team=" + team.id();
        List<Event> events = new ArrayList<>();
        events.add(team.period(1, "{'name':'one','start_date':'2024-01-01T00:00Z','end_date':'2024-01-02T00:00Z'}"));
        events.add(team.period(2, "{'name':'many','start_date':'2024-01-02T00:00Z','end_date':'2024-01-03T00:00Z'}"));
        for (int i = 1; i <= MANY; i++) {
            events.add(team.action(i, "{'createdTime':'2024-01-02T00:00Z'}"));
        }
        events.add(team.action(MANY + 1, "{'createdTime':'2024-01-01T00:00Z'}"));
        team.show(events.toArray(Event[]::new));
    }

    @BeforeEach
    void skipEarlierLines() {
        before = log.lines().requests().size();
    }

    /** A line comes after its answer, so one of an earlier request may be among them. */
    private List<String> lines() {
        List<String> all = log.lines().requests();
        return all.subList(before, all.size());
    }

    @Test
    void noKeyAndNoQueryIsLogged() {
        String key = team.key();
        team.get("/periods?start_date=" + SECRET + "&x=" + key);
        team.get("/periods/1/actions?form_fields=" + SECRET);
        service.client().get(SECRET, "/periods?key=" + key);
        service.client().without("GET", "/periods?api_key=" + key, "Authorization: Basic " + SECRET);
        team.get("/nothing?" + SECRET, "X-Api-Key: " + SECRET, "Cookie: " + SECRET);
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(lines())
                        .anyMatch(line -> line.matches("GET /periods" + of + " status=400 ms=[0-9.]+ rows=-" + BY_KEY))
                        .anyMatch(line ->
                                line.matches("GET /periods/1/actions" + of + " status=400 ms=[0-9.]+ rows=-" + BY_KEY))
                        .anyMatch(line ->
                                line.matches("GET /periods team=- status=401 ms=[0-9.]+ rows=- key=- client=127.0.0.1"))
                        .anyMatch(line -> line.matches(
                                "GET /nothing team=- status=404 ms=[0-9.]+ rows=- key=- client=127.0.0.1")));
    }

    @Test
    void aLineShowsHowManyRowsWereServed() {
        team.get("/periods");
        team.get("/periods/1/actions");
        team.head("/periods/2/actions");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(lines())
                        .anyMatch(line -> line.matches("GET /periods" + of + " status=200 ms=[0-9.]+ rows=2" + BY_KEY))
                        .anyMatch(line ->
                                line.matches("GET /periods/1/actions" + of + " status=200 ms=[0-9.]+ rows=1" + BY_KEY))
                        .anyMatch(line -> line.matches(
                                "HEAD /periods/2/actions" + of + " status=200 ms=[0-9.]+ rows=" + MANY + BY_KEY)));
    }
}
