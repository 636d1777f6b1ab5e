package io.periodview.sandbox;

import static io.periodview.sandbox.SampleEvent.Kind.PERIOD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The periods of a venue: event days with markers, one after the other, and shifts across them; the last shift is
 * open-ended and overlaps the one before.
 */
final class Timetable {

    private static final Duration DAY = Duration.ofHours(8);
    private static final Duration MAX_DAY = Duration.ofHours(10);
    private static final Duration BETWEEN_DAYS = Duration.ofHours(1);
    private static final Duration SHIFT = Duration.ofHours(8);
    private static final Duration HANDOVER = Duration.ofMinutes(30);
    private static final Duration RETENTION = Duration.ofDays(3);
    private static final List<String> GUESTS = List.of("Rovers", "United", "Wanderers", "City", "Athletic");
    private static final List<String> SHIFTS = List.of("Early shift", "Late shift", "Night shift");
    private static final String SOLD_OUT = " (sold out)";

    private final Venue venue;
    private final RandomGenerator random;

    Timetable(Venue venue, RandomGenerator random) {
        this.venue = venue;
        this.random = random;
    }

    /** Opens and closes the periods that are due, and deletes old ones. */
    void update(Instant now) {
        for (Map.Entry<Long, ObjectNode> period : List.copyOf(venue.periods.entrySet())) {
            ObjectNode value = period.getValue();
            if (isOpen(value) && !start(value).plus(SHIFT).isAfter(now)) {
                change(period.getKey(), value.put("end_date", now.plus(HANDOVER).toString()), now);
            } else if (!isOpen(value) && end(value).isBefore(now.minus(RETENTION))) {
                venue.delete(PERIOD, period.getKey());
            }
        }
        if (venue.periods.values().stream().noneMatch(Timetable::isOpen)) {
            openShift(now);
        }
        if (venue.periods.values().stream()
                .noneMatch(value ->
                        hasMarkers(value) && end(value).plus(BETWEEN_DAYS).isAfter(now))) {
            openDay(now);
        }
    }

    /** A change of mind about the latest event day: its name, a marker's time, or its end. */
    void revise(Instant now) {
        List<Map.Entry<Long, ObjectNode>> days = new ArrayList<>(venue.periods.entrySet());
        days.removeIf(period -> !hasMarkers(period.getValue()));
        Map.Entry<Long, ObjectNode> latest = days.get(days.size() - 1);
        ObjectNode day = latest.getValue();
        switch (random.nextInt(3)) {
            case 0 -> {
                String name = day.path("name").asText();
                day.put(
                        "name",
                        name.endsWith(SOLD_OUT)
                                ? name.substring(0, name.length() - SOLD_OUT.length())
                                : name + SOLD_OUT);
            }
            case 1 -> {
                ArrayNode markers = day.withArray("/markers");
                ObjectNode marker = (ObjectNode) markers.get(random.nextInt(markers.size()));
                Instant at = Instant.parse(marker.path("timestamp").asText());
                marker.put(
                        "timestamp", at.plusSeconds(60L * random.nextInt(-5, 6)).toString());
            }
            default -> {
                Instant later = end(day).plus(Duration.ofMinutes(15));
                if (!later.isAfter(start(day).plus(MAX_DAY))) {
                    day.put("end_date", later.toString());
                }
            }
        }
        change(latest.getKey(), day, now);
    }

    private void openShift(Instant now) {
        String name = SHIFTS.get((int) (now.getEpochSecond() / SHIFT.toSeconds() % SHIFTS.size()));
        open(name + " " + date(now), now).putNull("end_date");
        publishNewest(now);
    }

    private void openDay(Instant now) {
        String guest = GUESTS.get(random.nextInt(GUESTS.size()));
        ObjectNode day = open("Match day " + date(now) + " v " + guest, now);
        day.put("end_date", now.plus(DAY).toString());
        ArrayNode markers = day.putArray("markers");
        mark(markers, "Set-up", now.minus(Duration.ofMinutes(45))); // before the period itself
        mark(markers, "Doors open", now.plus(Duration.ofMinutes(60)));
        mark(markers, "First half", now.plus(Duration.ofMinutes(150)));
        mark(markers, "Half-time", now.plus(Duration.ofMinutes(197)));
        mark(markers, "Second half", now.plus(Duration.ofMinutes(212)));
        mark(markers, "Egress", now.plus(Duration.ofMinutes(262)));
        publishNewest(now);
    }

    private ObjectNode open(String name, Instant now) {
        long id = venue.newId(PERIOD, now.toEpochMilli());
        ObjectNode period = Venue.newObject()
                .put("id", id)
                .put("name", name)
                .put("start_date", now.toString())
                .put("created_at", now.toString());
        venue.restore(PERIOD, id, period);
        return period;
    }

    private void publishNewest(Instant now) {
        Map.Entry<Long, ObjectNode> newest = venue.periods.lastEntry();
        change(newest.getKey(), newest.getValue(), now);
    }

    private void change(long id, ObjectNode period, Instant now) {
        venue.put(PERIOD, id, period.put("updated_at", now.toString()));
    }

    private static void mark(ArrayNode markers, String name, Instant at) {
        markers.addObject().put("name", name).put("timestamp", at.toString());
    }

    private static LocalDate date(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    private static boolean isOpen(JsonNode period) {
        return period.path("end_date").isNull();
    }

    private static boolean hasMarkers(JsonNode period) {
        return period.has("markers");
    }

    private static Instant start(JsonNode period) {
        return Instant.parse(period.path("start_date").asText());
    }

    private static Instant end(JsonNode period) {
        return Instant.parse(period.path("end_date").asText());
    }
}
