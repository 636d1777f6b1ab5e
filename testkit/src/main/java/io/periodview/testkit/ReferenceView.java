package io.periodview.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API must answer after some valid events, except for the {@code periodActionId}s, which {@link IdLedger}
 * checks. Not thread-safe.
 */
public final class ReferenceView {

    /** Keeps numbers as they are written. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final DateTimeFormatter SERVED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final List<String> TEXTS_BEFORE = List.of("classification", "subClassification", "status");
    private static final List<String> TIMES = List.of("assignedTime", "doingTime", "closedTime");
    private static final List<String> TEXTS_AFTER = List.of("channel", "formType", "latestChannel");

    private final Map<Long, Team> teams = new TreeMap<>();

    private record Period(
            Instant firstSeen, Instant lastSeen, JsonNode value, Instant start, Instant end, List<Marker> markers) {}

    private record Marker(String name, Instant timestamp) {}

    private record Action(Instant created, JsonNode value) {}

    private static final class Team {
        final Map<Long, Period> periods = new TreeMap<>();
        final Map<Long, Action> actions = new TreeMap<>();
    }

    public void apply(Event event) {
        Team team = teams.computeIfAbsent(event.teamId(), id -> new Team());
        String value = event.value();
        if (value == null) {
            (event.isPeriod() ? team.periods : team.actions).remove(event.id());
        } else if (event.isPeriod()) {
            team.periods.put(event.id(), period(team.periods.get(event.id()), event, parse(value)));
        } else {
            JsonNode action = parse(value);
            team.actions.put(event.id(), new Action(time(action.get("createdTime")), action));
        }
    }

    private static Period period(@Nullable Period before, Event event, JsonNode value) {
        Instant now = Instant.ofEpochMilli(event.timestamp());
        return new Period(
                before == null ? now : before.firstSeen,
                now,
                value,
                time(value.get("start_date")),
                timeOr(value.get("end_date"), Instant.MAX),
                markers(value));
    }

    public Set<Long> teamIds() {
        return Set.copyOf(teams.keySet());
    }

    public Set<Long> periodIds(long teamId) {
        return Set.copyOf(team(teamId).periods.keySet());
    }

    /** The body of {@code GET /periods}. */
    public JsonNode periods(long teamId, @Nullable Instant from, @Nullable Instant until) {
        ArrayNode periods = JSON.createArrayNode();
        team(teamId).periods.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Long, Period> entry) -> entry.getValue().start)
                        .thenComparing(Map.Entry::getKey))
                .filter(entry -> from == null || !entry.getValue().start.isBefore(from))
                .filter(entry -> until == null || !entry.getValue().end.isAfter(until))
                .forEach(entry -> periods.add(served(entry.getKey(), entry.getValue())));
        return parse(JSON.createObjectNode().set("periods", periods).toString()); // as a reader would parse it
    }

    /** The body of {@code GET /periods/{period_id}/actions} without periodActionIds, or null for a 404. */
    public @Nullable JsonNode actions(long teamId, long periodId, @Nullable List<String> formFields) {
        Period period = team(teamId).periods.get(periodId);
        if (period == null) {
            return null;
        }
        ArrayNode actions = JSON.createArrayNode();
        ArrayNode notes = JSON.createArrayNode();
        for (long actionId : actionIds(teamId, periodId)) {
            Action action = action(team(teamId), actionId);
            ObjectNode row = served(periodId, period, actionId, action);
            if (formFields != null) {
                ArrayNode missing = JSON.createArrayNode();
                row.set("formFields", chosen(action.value.path("formFields"), formFields, missing));
                if (!missing.isEmpty()) {
                    notes.addObject().put("actionId", actionId).set("missingFormFields", missing);
                }
            }
            actions.add(row);
        }
        ObjectNode body = JSON.createObjectNode();
        body.set("actions", actions);
        if (!notes.isEmpty()) {
            body.set("notes", notes);
        }
        return parse(body.toString());
    }

    /** The actions in a period, in the order of the answer. */
    public List<Long> actionIds(long teamId, long periodId) {
        Team team = team(teamId);
        Period period = team.periods.get(periodId);
        List<Long> inside = new ArrayList<>();
        if (period != null) {
            team.actions.forEach((actionId, action) -> {
                if (!action.created.isBefore(period.start) && action.created.isBefore(period.end)) {
                    inside.add(actionId);
                }
            });
        }
        inside.sort(Comparator.comparing((Long id) -> action(team, id).created).thenComparing(id -> id));
        return inside;
    }

    private static ObjectNode served(long id, Period period) {
        JsonNode value = period.value;
        ObjectNode node = JSON.createObjectNode();
        node.put("id", id);
        node.put("name", value.get("name").asText());
        node.put("start_date", SERVED.format(period.start));
        node.put("end_date", period.end.equals(Instant.MAX) ? null : SERVED.format(period.end));
        node.put("created_at", SERVED.format(timeOr(value.get("created_at"), period.firstSeen)));
        node.put("updated_at", SERVED.format(timeOr(value.get("updated_at"), period.lastSeen)));
        ArrayNode markers = node.putArray("markers");
        for (Marker marker : period.markers) {
            markers.addObject().put("name", marker.name).put("timestamp", SERVED.format(marker.timestamp));
        }
        return node;
    }

    private static ObjectNode served(long periodId, Period period, long actionId, Action read) {
        JsonNode action = read.value;
        ObjectNode row = JSON.createObjectNode();
        row.put("periodId", periodId);
        row.put("periodName", period.value.get("name").asText());
        row.put("actionId", actionId);
        TEXTS_BEFORE.forEach(name -> row.put(name, text(action, name)));
        row.put("createdTime", SERVED.format(read.created));
        TIMES.forEach(name -> row.put(name, action.hasNonNull(name) ? SERVED.format(time(action.get(name))) : null));
        row.put("createdByUserName", text(action, "createdByUserName"));
        String current = null;
        for (Marker marker : period.markers) {
            if (!marker.timestamp.isAfter(read.created)) {
                current = marker.name;
            }
        }
        row.put("periodMarker", current);
        row.set(
                "assignedUserNames",
                action.hasNonNull("assignedUserNames") ? action.get("assignedUserNames") : JSON.createArrayNode());
        TEXTS_AFTER.forEach(name -> row.put(name, text(action, name)));
        row.put("aiDispatched", action.path("aiDispatched").asBoolean(false));
        return row;
    }

    private static ObjectNode chosen(JsonNode fields, List<String> names, ArrayNode missing) {
        ObjectNode chosen = JSON.createObjectNode();
        for (String name : names.stream().distinct().toList()) {
            if (fields.has(name)) {
                chosen.set(name, fields.get(name));
            } else {
                missing.add(name);
            }
        }
        return chosen;
    }

    /** Ordered by timestamp; equal ones as in the event. */
    private static List<Marker> markers(JsonNode period) {
        JsonNode given = period.path("markers");
        List<Marker> markers = new ArrayList<>();
        for (JsonNode marker : given.isObject() ? List.of(given) : given) {
            markers.add(new Marker(marker.get("name").asText(), time(marker.get("timestamp"))));
        }
        markers.sort(Comparator.comparing(Marker::timestamp));
        return markers;
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.get(name).asText() : null;
    }

    private static Instant timeOr(@Nullable JsonNode node, Instant otherwise) {
        return node == null || node.isNull() ? otherwise : time(node);
    }

    private static Instant time(JsonNode node) {
        return OffsetDateTime.parse(node.asText()).toInstant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Action action(Team team, long actionId) {
        return Objects.requireNonNull(team.actions.get(actionId));
    }

    private Team team(long teamId) {
        return teams.getOrDefault(teamId, new Team());
    }

    /** Reads JSON as this class does, so that equal documents are equal nodes. */
    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + json, e);
        }
    }
}
