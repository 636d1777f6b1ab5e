package io.periodview.bench.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.SyntheticEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A team of its own beside many others: periods of a thousand actions and of ten, one behind the other, each action in
 * one of them.
 */
final class ReadLoad {

    static final long TEAM = 200;

    private static final long EPOCH = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    private static final long DAY = 86_400_000;
    /** Actions of a period have numbers from a multiple of this on. */
    private static final long APART = 100_000;

    private ReadLoad() {}

    static List<ChangeEvent> events() {
        List<ChangeEvent> events = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            period(events, ViewUnderTest.LARGE + i, 1_000);
            period(events, ViewUnderTest.SMALL + i, 10);
        }
        return events;
    }

    static SyntheticEvents others(boolean quick) {
        return new SyntheticEvents(100, 12, quick ? 20_000 : 100_000, 0);
    }

    private static void period(List<ChangeEvent> events, long period, int actions) {
        events.add(new ChangeEvent(
                true,
                TEAM,
                TEAM + "/" + period,
                EPOCH,
                ("{\"name\":\"Period " + period + "\",\"start_date\":\"" + Instant.ofEpochMilli(start(period))
                                + "\",\"end_date\":\"" + Instant.ofEpochMilli(start(period) + DAY)
                                + "\",\"markers\":[{\"name\":\"Opening\",\"timestamp\":\""
                                + Instant.ofEpochMilli(start(period)) + "\"},{\"name\":\"Half time\",\"timestamp\":\""
                                + Instant.ofEpochMilli(start(period) + DAY / 2) + "\"}]}")
                        .getBytes(UTF_8)));
        for (int i = 0; i < actions; i++) {
            events.add(action(period * APART + i, "New"));
        }
    }

    /** Of the action, with a status. */
    static ChangeEvent action(long action, String status) {
        long created = start(action / APART) + action % APART * 80_000;
        String json =
                "{\"classification\":\"Category 55\",\"subClassification\":\"Subcategory 170\",\"status\":\"" + status
                        + "\",\"createdTime\":\"" + Instant.ofEpochMilli(created)
                        + "\",\"assignedTime\":null,\"doingTime\":null,\"closedTime\":null,\"createdByUserName\":\"User 8\","
                        + "\"assignedUserNames\":[\"Resolver 215\"],\"channel\":\"Phone\",\"formType\":\"Incident\","
                        + "\"latestChannel\":\"Group 56\",\"aiDispatched\":true,\"formFields\":{\"impact\":\"2\","
                        + "\"urgency\":\"2\",\"priority\":\"3\",\"location\":\"Location 143\",\"symptom\":\"Symptom 72\"}}";
        return new ChangeEvent(false, TEAM, TEAM + "/" + action, created, json.getBytes(UTF_8));
    }

    static long anAction(long period, int which) {
        int actions = period >= ViewUnderTest.SMALL ? 10 : 1_000;
        return period * APART + which * 7919L % actions;
    }

    private static long start(long period) {
        return EPOCH + period * DAY;
    }
}
