package io.periodview.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.periodview.sandbox.SampleEvent.Kind;
import io.periodview.topics.EventKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VenueDayTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-03-01T19:30:00.123456Z");
    private static final int EVENTS = 20_000;
    private static final List<String> TEXTS =
            List.of("classification", "subClassification", "status", "createdByUserName", "channel", "formType");

    @Test
    void everyEventIsValid() throws Exception {
        for (SampleEvent event : events(1, 7)) {
            if (event.value() != null) {
                JsonNode value = JSON.readTree(event.value());
                if (event.kind() == Kind.PERIOD) {
                    assertValidPeriod(event.key(), value);
                } else {
                    assertValidAction(event.key(), value);
                }
            }
        }
    }

    @Test
    void sameSeedGivesTheSameEventsAndAnotherDoesNot() {
        List<String> once = texts(events(5, 2));
        assertThat(texts(events(5, 2))).isEqualTo(once);
        assertThat(texts(events(6, 2))).isNotEqualTo(once);
    }

    @Test
    void historyIsSomeHundredEventsOfEveryTeamUpToNow() throws Exception {
        List<SampleEvent> history = new VenueDay(3).history(NOW);
        assertThat(history).hasSizeBetween(500, 1_000);
        assertThat(history).extracting(event -> event.key().teamId()).contains(1L, 2L, 3L);
        Map<EventKey, JsonNode> actions = live(history, Kind.ACTION);
        assertThat(actions.values())
                .extracting(action -> Instant.parse(action.path("createdTime").asText()))
                .allMatch(time -> !time.isAfter(NOW) && time.isAfter(NOW.minusSeconds(86_400 + 60)));
        assertThat(actions.values())
                .extracting(action -> action.path("status").asText())
                .contains("created", "assigned", "doing", "closed", "canceled");
        assertThat(live(history, Kind.PERIOD).values())
                .as("an open shift, and event days with markers")
                .anyMatch(period -> period.path("end_date").isNull())
                .anyMatch(period -> period.path("markers").size() > 3);
    }

    @Test
    void numberOfEntitiesIsBounded() {
        for (int secondsPerStep : new int[] {1, 1_800}) {
            Set<EventKey> actions = new HashSet<>();
            Set<EventKey> periods = new HashSet<>();
            int mostActions = 0;
            int mostPeriods = 0;
            for (SampleEvent event : events(11, secondsPerStep)) {
                Set<EventKey> keys = event.kind() == Kind.ACTION ? actions : periods;
                if (event.value() == null) {
                    assertThat(keys.remove(event.key()))
                            .as("only what is there is deleted")
                            .isTrue();
                } else {
                    keys.add(event.key());
                }
                mostActions = Math.max(mostActions, actions.size());
                mostPeriods = Math.max(mostPeriods, periods.size());
            }
            assertThat(mostActions).isLessThanOrEqualTo(VenueDay.TEAM_IDS.length * (VenueDay.MAX_ACTIONS + 1));
            assertThat(mostPeriods).isLessThanOrEqualTo(VenueDay.TEAM_IDS.length * 30);
        }
    }

    @Test
    void deletedIdsAreNeverReused() {
        Set<String> deleted = new HashSet<>();
        for (SampleEvent event : events(13, 30)) {
            String id = event.kind() + " " + event.key();
            if (event.value() == null) {
                deleted.add(id);
            } else {
                if (deleted.contains(id)) {
                    throw new AssertionError("Reused: " + id);
                }
            }
        }
        assertThat(deleted).isNotEmpty();
    }

    @Test
    void aLaterRunResumesFromWhatTheEarlierPublished() throws Exception {
        List<SampleEvent> history = new VenueDay(3).history(NOW);
        VenueDay later = new VenueDay(4);
        for (Kind kind : Kind.values()) {
            live(history, kind)
                    .forEach((key, value) -> assertThat(later.restore(kind, key.teamId(), key.id(), value))
                            .isTrue());
        }
        Instant afterTwoDays = NOW.plusSeconds(2 * 86_400);
        List<SampleEvent> events = later.next(afterTwoDays);
        long deleted = events.stream()
                .filter(event -> event.kind() == Kind.ACTION && event.value() == null)
                .count();
        assertThat(deleted)
                .as("all of the old actions")
                .isEqualTo(live(history, Kind.ACTION).size());
        List<SampleEvent> all = new ArrayList<>(history);
        all.addAll(events);
        assertThat(live(all, Kind.PERIOD).keySet())
                .as("earlier periods stay")
                .containsAll(live(history, Kind.PERIOD).keySet());
        assertThat(live(all, Kind.PERIOD).values())
                .filteredOn(period -> period.path("end_date").isNull())
                .as("one open shift per team")
                .hasSize(VenueDay.TEAM_IDS.length);
    }

    @Test
    void eventsOfOthersAreIgnored() throws Exception {
        JsonNode foreign = JSON.readTree("{\"createdTime\":\"2020-01-01T00:00:00Z\"}");
        VenueDay day = new VenueDay(1);
        assertThat(day.restore(Kind.ACTION, 1, 42, foreign)).isFalse();
        assertThat(day.next(NOW)).noneMatch(event -> event.key().id() == 42);
    }

    private static List<SampleEvent> events(long seed, int secondsPerStep) {
        VenueDay day = new VenueDay(seed);
        List<SampleEvent> events = new ArrayList<>(day.history(NOW));
        Instant now = NOW;
        while (events.size() < EVENTS) {
            now = now.plusSeconds(secondsPerStep);
            events.addAll(day.next(now));
        }
        return events;
    }

    private static List<String> texts(List<SampleEvent> events) {
        return events.stream()
                .map(event -> event.kind() + " " + event.key() + " "
                        + (event.value() == null ? "null" : new String(event.value(), UTF_8)))
                .toList();
    }

    private static Map<EventKey, JsonNode> live(List<SampleEvent> events, Kind kind) throws Exception {
        Map<EventKey, JsonNode> live = new HashMap<>();
        for (SampleEvent event : events) {
            if (event.kind() == kind) {
                if (event.value() == null) {
                    live.remove(event.key());
                } else {
                    live.put(event.key(), JSON.readTree(event.value()));
                }
            }
        }
        return live;
    }

    private static void assertValidPeriod(EventKey key, JsonNode period) {
        check(period.path("id").isIntegralNumber() && period.path("id").asLong() == key.id(), period);
        check(period.path("name").isTextual(), period);
        OffsetDateTime start = time(period.path("start_date"));
        check(period.path("end_date").isNull() || time(period.path("end_date")).isAfter(start), period);
        check(!time(period.path("updated_at")).isBefore(time(period.path("created_at"))), period);
        for (JsonNode marker : period.path("markers")) {
            check(marker.path("name").isTextual() && time(marker.path("timestamp")) != null, period);
        }
    }

    private static void assertValidAction(EventKey key, JsonNode action) {
        check(
                action.path("actionId").isIntegralNumber()
                        && action.path("actionId").asLong() == key.id(),
                action);
        OffsetDateTime created = time(action.path("createdTime"));
        for (String later : List.of("assignedTime", "doingTime", "closedTime")) {
            check(!action.has(later) || !time(action.path(later)).isBefore(created), action);
        }
        for (String text : TEXTS) {
            check(action.path(text).isTextual(), action);
        }
        check(
                action.path("aiDispatched").isBoolean()
                        && action.path("formFields").isObject(),
                action);
        for (JsonNode name : action.path("assignedUserNames")) {
            check(name.isTextual(), action);
        }
        String status = action.path("status").asText();
        check(action.has("closedTime") == (status.equals("closed") || status.equals("canceled")), action);
        check(action.has("doingTime") || !status.equals("doing"), action);
    }

    private static OffsetDateTime time(JsonNode time) {
        check(time.isTextual(), time);
        return OffsetDateTime.parse(time.asText());
    }

    /** Some hundred thousand times, so without AssertJ's ceremony. */
    private static void check(boolean right, JsonNode value) {
        if (!right) {
            throw new AssertionError("Not valid: " + value);
        }
    }
}
