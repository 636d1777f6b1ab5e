package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.response.ResponseBody;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.EventKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a running service shows, and what it must show. */
final class Rendered {

    private Rendered() {}

    /** Compares every period of every team with the reference. */
    static void compare(PeriodViewService service, long seed, ReferenceView reference, IdLedger ids) {
        for (long team : reference.teamIds()) {
            assertThat(json(service.queries().askOwner(new Query.Periods(team, null, null))))
                    .as("seed %d, team %d", seed, team)
                    .isEqualTo(reference.periods(team, null, null));
            for (long period : reference.periodIds(team)) {
                assertThat(ids.withoutIds(
                                team, period, json(service.queries().askOwner(new Query.Actions(team, period, null)))))
                        .as("seed %d, team %d, period %d", seed, team, period)
                        .isEqualTo(reference.actions(team, period, null));
            }
        }
    }

    /** The body of an answer. */
    static JsonNode json(QueryResult result) {
        assertThat(result).isInstanceOf(QueryResult.Found.class);
        try (ResponseBody answer = ((QueryResult.Found) result).body()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            return ReferenceView.parse(body.toString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same event of another team. */
    static Event forTeam(long team, Event event) {
        return new Event(event.topic(), new EventKey(team, event.id()).toString(), event.timestamp(), event.value());
    }
}
