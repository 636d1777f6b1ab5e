package io.periodview.sandbox;

import static io.periodview.sandbox.SampleEvent.Kind.ACTION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The life of a few venues, step by step: pure, and the same for the same seed and the same times.
 *
 * <p>Each step returns the events of one change. The number of entities is bounded: an action is deleted a day after it
 * was created, or once it is closed and its team has more than five hundred; a period three days after its end. Not
 * thread-safe.
 */
final class VenueDay {

    static final long[] TEAM_IDS = {1, 2, 3};
    /** Per team: enough to make a period worth looking at. */
    static final int MAX_ACTIONS = 500;

    static final int MAX_OPEN_ACTIONS = 20;
    private static final int MIN_OPEN_ACTIONS = 6;
    private static final Duration ACTION_RETENTION = Duration.ofDays(1);
    private static final int HISTORY_STEPS = 600;
    /** Periods begin and end to the minute. */
    private static final Duration TIMETABLE_INTERVAL = Duration.ofMinutes(1);

    private final SplittableRandom random;
    private final Map<Long, Venue> venues = new TreeMap<>();
    private Instant nextTimetable = Instant.MIN;

    VenueDay(long seed) {
        random = new SplittableRandom(seed);
        for (long teamId : TEAM_IDS) {
            venues.put(teamId, new Venue(teamId));
        }
    }

    /**
     * Takes over what an earlier run has published.
     *
     * @return false if it is not the sample's own; it is ignored
     */
    boolean restore(SampleEvent.Kind kind, long teamId, long id, JsonNode value) {
        Venue venue = venues.get(teamId);
        if (venue != null && value instanceof ObjectNode object && Venue.isOwn(object)) {
            venue.restore(kind, id, object);
            return true;
        }
        return false;
    }

    boolean hasTeam(long teamId) {
        return venues.containsKey(teamId);
    }

    /** The events of the day before now; for a sample that starts from scratch. */
    List<SampleEvent> history(Instant now) {
        List<SampleEvent> events = new ArrayList<>();
        Duration step = ACTION_RETENTION.dividedBy(HISTORY_STEPS);
        for (int i = HISTORY_STEPS; i > 0; i--) {
            events.addAll(next(now.minus(step.multipliedBy(i))));
        }
        return events;
    }

    /** The events of the next change, one or more. The time is not before those of earlier calls. */
    List<SampleEvent> next(Instant time) {
        Instant now = time.truncatedTo(ChronoUnit.MILLIS);
        List<SampleEvent> events = new ArrayList<>();
        boolean due = !now.isBefore(nextTimetable);
        if (due) {
            nextTimetable = now.plus(TIMETABLE_INTERVAL);
        }
        for (Venue venue : venues.values()) {
            if (due) {
                new Timetable(venue, random).update(now);
            }
            deleteOldActions(venue, now);
            events.addAll(venue.drainChanges());
        }
        // Half of all changes are the first venue's, whose key `period-view dev` prints.
        long teamId = random.nextBoolean() ? TEAM_IDS[0] : TEAM_IDS[random.nextInt(TEAM_IDS.length)];
        Venue venue = Objects.requireNonNull(venues.get(teamId));
        change(venue, now);
        events.addAll(venue.drainChanges());
        return events;
    }

    private void change(Venue venue, Instant now) {
        List<Long> open = List.copyOf(venue.openActions);
        int dice = random.nextInt(100);
        if (open.size() < MIN_OPEN_ACTIONS || (dice < 30 && open.size() < MAX_OPEN_ACTIONS)) {
            create(venue, now);
        } else if (dice < 35) {
            new Timetable(venue, random).revise(now);
        } else {
            long id = open.get(random.nextInt(open.size()));
            ObjectNode action = Objects.requireNonNull(venue.actions.get(id));
            if (dice < 45) {
                Request.note(action, random);
            } else {
                advance(action, now);
            }
            venue.put(ACTION, id, action);
        }
    }

    private void create(Venue venue, Instant now) {
        long id = venue.newId(ACTION, now.toEpochMilli());
        ObjectNode action = Venue.newObject().put("actionId", id).put("status", "created");
        action.put("createdTime", now.toString());
        Request.any(random).describe(action, random);
        venue.put(ACTION, id, action);
    }

    private void advance(ObjectNode action, Instant now) {
        String status = action.path("status").asText();
        if (random.nextInt(12) == 0) {
            action.put("status", "canceled").put("closedTime", now.toString());
        } else if (status.equals("created")) {
            Request.assign(action, random);
            action.put("status", "assigned").put("assignedTime", now.toString());
        } else if (status.equals("assigned")) {
            action.put("status", "doing").put("doingTime", now.toString());
        } else {
            action.put("status", "closed").put("closedTime", now.toString());
        }
    }

    private static void deleteOldActions(Venue venue, Instant now) {
        int surplus = venue.actions.size() - MAX_ACTIONS;
        List<Long> deleted = new ArrayList<>();
        for (Map.Entry<Long, ObjectNode> entry : venue.actions.entrySet()) {
            ObjectNode action = entry.getValue();
            boolean old = Instant.parse(action.path("createdTime").asText()).isBefore(now.minus(ACTION_RETENTION));
            if (!old && deleted.size() >= surplus) {
                break; // the rest is younger
            }
            if (old || !venue.openActions.contains(entry.getKey())) {
                deleted.add(entry.getKey());
            }
        }
        deleted.forEach(id -> venue.delete(ACTION, id));
    }
}
