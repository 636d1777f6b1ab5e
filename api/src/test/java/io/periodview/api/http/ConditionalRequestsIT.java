package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code If-None-Match}: when an answer is a 304 and when it is not, through the owner and the other instance. */
class ConditionalRequestsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofTwoInstances();

    private static final String ACTIONS = "/periods/1/actions";

    /** Has a period of January 2024, 1, and an action in it, 1; both instances show it. */
    private Team team;

    @BeforeEach
    void publish() throws InterruptedException {
        team = service.newTeam();
        team.show(
                team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z','end_date':'2024-02-01T00:00Z'}"),
                action(1, "2024-01-10", "new"));
        team.at(service.second()).awaitShown();
    }

    private Event action(long id, String day, String status) {
        return team.action(id, "{'createdTime':'" + day + "T00:00Z','status':'" + status + "'}");
    }

    @Test
    void anUnchangedAnswerIs304() {
        for (String target : List.of(ACTIONS, ACTIONS + "?form_fields=%5B%22a%22%5D", "/periods")) {
            String tag = team.get(target).header("ETag").orElseThrow();
            for (Instance instance : service.instances()) {
                Team asking = team.at(instance);
                Reply same = asking.get(target, "If-None-Match: \"other\", " + tag, "Accept-Encoding: gzip");
                assertThat(same.status()).as(target).isEqualTo(304);
                assertThat(same.header("ETag")).hasValue(tag);
                assertThat(team.actionsOffset(same)).isNotNegative();
                assertThat(asking.get(target, "If-None-Match: *").status()).isEqualTo(304);
                assertThat(asking.get(target, "If-None-Match: W/\"x-1\"").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void ifMatchHoldsForAStarOnly() {
        String tag = team.get(ACTIONS).header("ETag").orElseThrow();
        for (Instance instance : service.instances()) {
            Team asking = team.at(instance);
            for (String list : List.of(tag, "\"x\"", "", tag.substring(2))) {
                assertThat(asking.get(ACTIONS, "If-Match: " + list).status()).isEqualTo(412);
                assertThat(asking.get(ACTIONS, "If-Match: " + list, "If-None-Match: " + tag)
                                .status())
                        .isEqualTo(412);
            }
            assertThat(asking.get(ACTIONS, "If-Match: *").status()).isEqualTo(200);
            assertThat(asking.get("/periods/9/actions", "If-Match: \"x\"").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void onlyChangesWithinThePeriodGiveANewETag() throws Exception {
        team.get(ACTIONS); // from now on its bounds are known
        String tag = team.get(ACTIONS).header("ETag").orElseThrow();

        team.show(action(2, "2024-03-01", "elsewhere"));
        assertThat(getUnless(tag).status()).isEqualTo(304);
        team.show(action(2, "2024-02-01", "at the end, which is outside"));
        assertThat(getUnless(tag).status()).isEqualTo(304);

        team.show(action(2, "2024-01-01", "at the start, which is inside"));
        tag = newTag(tag);
        team.show(action(2, "2024-03-01", "gone"));
        tag = newTag(tag);
        team.show(team.period(1, "{'name':'Q','start_date':'2024-01-01T00:00Z'}"));
        tag = newTag(tag);
        team.show(action(2, "2024-03-02", "inside the new end"));
        tag = newTag(tag);
        team.publish(team.deletedPeriod(1));
        String last = tag;
        await().atMost(RunningService.TIMEOUT).until(() -> getUnless(last).status() == 404);
    }

    /** The answer of the first instance, whose status is that of the second's. */
    private Reply getUnless(String tag) {
        Reply one = team.get(ACTIONS, "If-None-Match: " + tag);
        assertThat(team.at(service.second())
                        .get(ACTIONS, "If-None-Match: " + tag)
                        .status())
                .isEqualTo(one.status());
        return one;
    }

    private String newTag(String tag) {
        Reply reply = getUnless(tag);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isPresent().isNotEqualTo(Optional.of(tag));
        return reply.header("ETag").orElseThrow();
    }
}
