package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.topics.TeamPartitioner;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A team as its producers and its readers know it: its events, its API key, and the instance that is asked. Questions may
 * come from any thread, events from one at a time.
 */
final class Team {

    private final EventPublisher publisher;
    private final long id;
    private final String key;
    private final Client client;

    Team(EventPublisher publisher, long id, String key, Instance asked) {
        this.publisher = publisher;
        this.id = id;
        this.key = key;
        this.client = new Client(asked.port());
    }

    /** The same team, which asks another instance. */
    Team at(Instance other) {
        return new Team(publisher, id, key, other);
    }

    long id() {
        return id;
    }

    String key() {
        return key;
    }

    int partition() {
        return TeamPartitioner.partitionOf(id, RunningService.PARTITIONS);
    }

    /** @param json with {@code '} for quotes */
    Event period(long periodId, String json) {
        return publisher.period(id, periodId, json.replace('\'', '"'));
    }

    /** @param json with {@code '} for quotes */
    Event action(long actionId, String json) {
        return publisher.action(id, actionId, json.replace('\'', '"'));
    }

    Event deletedPeriod(long periodId) {
        return new Event("periods", id + "/" + periodId, 0, null);
    }

    Event deletedAction(long actionId) {
        return new Event("actions", id + "/" + actionId, 0, null);
    }

    /** Publishes events in this order, and returns when the broker has all of them. */
    void publish(Event... events) throws InterruptedException {
        publisher.publish(List.of(events));
    }

    /** Publishes events in this order, and returns when the instance shows what the reference shows. */
    void show(Event... events) throws InterruptedException {
        publish(events);
        awaitShown();
    }

    /** Waits until the instance shows what the reference shows. */
    void awaitShown() {
        await().atMost(RunningService.TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(this::assertShown);
    }

    private void assertShown() {
        assertThat(ok("/periods")).isEqualTo(publisher.reference().periods(id, null, null));
        for (long period : publisher.reference().periodIds(id)) {
            JsonNode actions = ok("/periods/" + period + "/actions");
            assertThat(new IdLedger().withoutIds(id, period, actions)).isEqualTo(expectedActions(period, null));
        }
    }

    private JsonNode ok(String target) {
        Reply reply = get(target);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json();
    }

    /** What the reference answers, without {@code periodActionId}s; null if it has no such period. */
    @Nullable
    JsonNode expectedActions(long period, @Nullable List<String> formFields) {
        return publisher.reference().actions(id, period, formFields);
    }

    /** @param headers whole lines, such as {@code Accept-Encoding: gzip} */
    Reply get(String target, String... headers) {
        return client.get(key, target, headers);
    }

    Reply head(String target, String... headers) {
        return client.head(key, target, headers);
    }

    Reply ask(String method, String target, String... headers) {
        return client.ask(method, key, target, headers);
    }

    /** The ids of a period's actions, in the order in which they are served. */
    List<String> actionIds(long period) {
        return actions(period).findValuesAsText("actionId");
    }

    /** A period's actions as they are served. */
    JsonNode actions(long period) {
        return get("/periods/" + period + "/actions").json().get("actions");
    }

    /** A position in the team's partition of the periods, as readers send it. */
    String periodsPosition(long offset) {
        return position(publisher.topics().periods()) + offset;
    }

    String actionsPosition(long offset) {
        return position(publisher.topics().actions()) + offset;
    }

    private String position(String topic) {
        return topic + "-" + partition() + "@";
    }

    /** The offset of the actions that an answer stands at, -1 if it names none. */
    long actionsOffset(Reply reply) {
        String start = position(publisher.topics().actions());
        for (String entry : reply.header("View-Position").orElse("").split(",")) {
            if (entry.startsWith(start)) {
                return Long.parseLong(entry.substring(start.length()));
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "team " + id;
    }
}
