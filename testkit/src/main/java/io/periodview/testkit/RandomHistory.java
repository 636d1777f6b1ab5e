package io.periodview.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An endless random history of a few teams, few enough periods, actions and moments that everything collides: overlaps,
 * equal timestamps, bounds on actions, deletions and returns, repeated events. The same seed gives the same
 * history. Not thread-safe.
 */
public final class RandomHistory {

    private static final int TEAMS = 3;
    private static final int PERIODS = 7;
    private static final int ACTIONS = 30;
    private static final int MOMENTS = 40;
    private static final int REMEMBERED = 20;

    /** The timestamp of the first event, and the earliest time in any event. */
    public static final Instant EPOCH = Instant.parse("2024-07-01T00:00:00Z");

    private static final String[] TEXTS = {"open", "done", "Müll & \"Glas\"", "a\\b", "", "日本\n", "\u0001\uD83D\uDE00"};
    private static final String[] FIELDS = {"department", "budget", "tags", "größe \"x\""};

    private final Random random;
    private final Deque<Event> recent = new ArrayDeque<>();
    private long clock = EPOCH.toEpochMilli();

    public RandomHistory(long seed) {
        random = new Random(seed);
    }

    public Event next() {
        clock += random.nextInt(3);
        if (!recent.isEmpty() && random.nextInt(20) == 0) {
            return repeated();
        }
        long team = 1 + random.nextInt(TEAMS);
        Event event = random.nextInt(5) == 0 ? period(team) : action(team);
        recent.addLast(event);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return event;
    }

    /** A retrying producer may send an event twice; it is still the last of its key. */
    private Event repeated() {
        Event last = recent.getLast();
        return new Event(last.topic(), last.key(), last.timestamp(), last.value());
    }

    private Event period(long team) {
        long id = 1 + random.nextInt(PERIODS);
        String key = team + "/" + id;
        if (random.nextInt(6) == 0) {
            return new Event("periods", key, clock, null);
        }
        int start = random.nextInt(MOMENTS);
        ObjectNode value = ReferenceView.JSON.createObjectNode();
        value.put("name", text());
        value.put("start_date", time(start));
        if (random.nextInt(4) > 0) {
            value.put("end_date", time(start + 1 + random.nextInt(MOMENTS / 2)));
        } else if (random.nextBoolean()) {
            value.putNull("end_date");
        }
        if (random.nextBoolean()) {
            value.put("id", id);
            value.put("created_at", time(random.nextInt(MOMENTS)));
        }
        if (random.nextBoolean()) {
            value.put("updated_at", time(random.nextInt(MOMENTS)));
        }
        if (random.nextInt(8) == 0) {
            value.putObject("markers").put("name", text()).put("timestamp", time(random.nextInt(MOMENTS)));
        } else if (random.nextInt(3) > 0) {
            ArrayNode markers = value.putArray("markers");
            for (int i = random.nextInt(5); i > 0; i--) {
                markers.addObject().put("name", "m" + i).put("timestamp", time(random.nextInt(MOMENTS)));
            }
        }
        return new Event("periods", key, clock, value.toString());
    }

    private Event action(long team) {
        long id = 1 + random.nextInt(ACTIONS);
        String key = team + "/" + id;
        if (random.nextInt(8) == 0) {
            return new Event("actions", key, clock, null);
        }
        ObjectNode value = ReferenceView.JSON.createObjectNode();
        // Mostly derived from the id, so that most events do not change it.
        value.put("createdTime", time(random.nextInt(3) > 0 ? (int) (id * 7 % MOMENTS) : random.nextInt(MOMENTS)));
        if (random.nextBoolean()) {
            value.put("actionId", id);
        }
        for (String name : new String[] {
            "classification", "subClassification", "status", "createdByUserName", "channel", "formType", "latestChannel"
        }) {
            if (random.nextInt(3) == 0) {
                value.put(name, random.nextInt(5) == 0 ? null : text());
            }
        }
        for (String name : new String[] {"assignedTime", "doingTime", "closedTime"}) {
            if (random.nextInt(3) == 0) {
                value.put(name, random.nextInt(5) == 0 ? null : time(random.nextInt(MOMENTS)));
            }
        }
        if (random.nextInt(3) == 0) {
            ArrayNode names = value.putArray("assignedUserNames");
            for (int i = random.nextInt(3); i > 0; i--) {
                names.add(text());
            }
        }
        if (random.nextInt(4) == 0) {
            value.put("aiDispatched", random.nextBoolean());
        }
        if (random.nextBoolean()) {
            formFields(value.putObject("formFields"));
        }
        value.put("somethingNewer", random.nextInt());
        return new Event("actions", key, clock, value.toString());
    }

    private void formFields(ObjectNode fields) {
        for (String name : FIELDS) {
            switch (random.nextInt(6)) {
                case 0 -> fields.put(name, text());
                case 1 -> fields.put(name, random.nextInt(2000) - 1000);
                case 2 -> fields.putArray(name).add(text()).add(1.5).addNull();
                case 3 -> fields.putNull(name);
                default -> {}
            }
        }
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    /** A time in one of the formats that an event may use. */
    private String time(int moment) {
        Instant time = EPOCH.plusSeconds(60L * moment);
        return switch (random.nextInt(4)) {
            case 0 -> time.toString();
            case 1 -> time.atOffset(ZoneOffset.ofHours(2)).toString();
            case 2 -> time.plusNanos(999_999).toString();
            default -> time.toString().replace("Z", ".000Z");
        };
    }

    /** The names of the form fields that actions may have, and one that none has. */
    public static List<String> formFieldNames() {
        List<String> names = new ArrayList<>(List.of(FIELDS));
        names.add("nobody has it");
        return names;
    }

    /** A selection of form fields for a query, or null for none. */
    public @Nullable List<String> someFormFields() {
        return random.nextInt(3) == 0
                ? null
                : formFieldNames().stream().filter(name -> random.nextBoolean()).toList();
    }
}
