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
 * <p>Each step gives the events of one change. What there is stays bounded: an action goes a day after it was
 * created, or when it is over and its team has more than five hundred; a period goes three days after its end. Not thread-safe.
 */
final class VenueDay {

    static final long[] TEAM_IDS = {1, 2, 3};
    /** Per team: as many as make a period worth looking at. */
    static final int MOST_ACTIONS = 500;

    static final int MOST_OPEN_ACTIONS = 20;
    private static final int FEWEST_OPEN_ACTIONS = 6;
    private static final Duration ACTION_KEPT = Duration.ofDays(1);
    private static final int HISTORY_STEPS = 600;
    /** Periods begin and end on the minute's scale. */
    private static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);

    private final SplittableRandom random;
    private final Map<Long, Venue> venues = new TreeMap<>();
    private Instant nextLook = Instant.MIN;

    VenueDay(long seed) {
        random = new SplittableRandom(seed);
        for (long teamId : TEAM_IDS) {
            venues.put(teamId, new Venue(teamId));
        }
    }

    /**
     * Takes over what an earlier run has left.
     *
     * @return false if it is not the sample's own, and is left alone
     */
    boolean restore(SampleEvent.Kind kind, long teamId, long id, JsonNode value) {
        Venue venue = venues.get(teamId);
        if (venue != null && value instanceof ObjectNode object && Venue.isOwn(object)) {
            venue.restore(kind, id, object);
            return true;
        }
        return false;
    }

    boolean concerns(long teamId) {
        return venues.containsKey(teamId);
    }

    /** What happened in the day before now; only for a sample that starts from nothing. */
    List<SampleEvent> history(Instant now) {
        List<SampleEvent> events = new ArrayList<>();
        Duration step = ACTION_KEPT.dividedBy(HISTORY_STEPS);
        for (int i = HISTORY_STEPS; i > 0; i--) {
            events.addAll(next(now.minus(step.multipliedBy(i))));
        }
        return events;
    }

    /** The next change, at a time that is not before those of earlier calls: one event or more. */
    List<SampleEvent> next(Instant time) {
        Instant now = time.truncatedTo(ChronoUnit.MILLIS);
        List<SampleEvent> events = new ArrayList<>();
        boolean look = !now.isBefore(nextLook);
        if (look) {
            nextLook = now.plus(LOOK_INTERVAL);
        }
        for (Venue venue : venues.values()) {
            if (look) {
                new Timetable(venue, random).keepUp(now);
            }
            forgetActions(venue, now);
            events.addAll(venue.takeChanges());
        }
        // Half of it happens at the first venue, whose key `period-view dev` shows.
        long teamId = random.nextBoolean() ? TEAM_IDS[0] : TEAM_IDS[random.nextInt(TEAM_IDS.length)];
        Venue venue = Objects.requireNonNull(venues.get(teamId));
        change(venue, now);
        events.addAll(venue.takeChanges());
        return events;
    }

    private void change(Venue venue, Instant now) {
        List<Long> open = new ArrayList<>();
        venue.actions.forEach((id, action) -> {
            if (!isOver(action)) {
                open.add(id);
            }
        });
        int dice = random.nextInt(100);
        if (open.size() < FEWEST_OPEN_ACTIONS || (dice < 30 && open.size() < MOST_OPEN_ACTIONS)) {
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

    private static void forgetActions(Venue venue, Instant now) {
        int surplus = venue.actions.size() - MOST_ACTIONS;
        List<Long> gone = new ArrayList<>();
        for (Map.Entry<Long, ObjectNode> entry : venue.actions.entrySet()) {
            ObjectNode action = entry.getValue();
            boolean old = Instant.parse(action.path("createdTime").asText()).isBefore(now.minus(ACTION_KEPT));
            if (!old && gone.size() >= surplus) {
                break; // the rest is younger
            }
            if (old || isOver(action)) {
                gone.add(entry.getKey());
            }
        }
        gone.forEach(id -> venue.delete(ACTION, id));
    }

    private static boolean isOver(JsonNode action) {
        return action.has("closedTime");
    }
}
