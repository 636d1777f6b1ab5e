package io.periodview.fuzz;

import static io.periodview.fuzz.StrictJson.Literal.FALSE;
import static io.periodview.fuzz.StrictJson.Literal.NULL;
import static io.periodview.fuzz.StrictJson.Literal.TRUE;

import io.periodview.topics.IsoTime;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the contract says of events, over a whole tree: what is one, and how it is served. */
final class EventModel {

    /** Digits of an id, however it is written. */
    private static final int MAX_ID_LENGTH = 40;

    private EventModel() {}

    private static final class Bad extends RuntimeException {
        Bad() {
            super(null, null, false, false);
        }
    }

    /** The period as it is served, null if the value is no event. */
    static @Nullable Map<String, Object> period(long id, byte[] value, long timestamp) {
        Map<?, ?> event = object(StrictJson.parse(value));
        if (event == null) {
            return null;
        }
        try {
            requireId(event, "id", id);
            Map<String, Object> served = new LinkedHashMap<>();
            served.put("id", new StrictJson.Num(Long.toString(id)));
            served.put("name", required(text(event, "name")));
            long start = required(time(event, "start_date"));
            Long end = time(event, "end_date");
            if (end != null && end <= start) {
                return null;
            }
            Long createdAt = time(event, "created_at");
            Long updatedAt = time(event, "updated_at");
            served.put("start_date", IsoTime.format(start));
            served.put("end_date", end == null ? NULL : IsoTime.format(end));
            served.put("created_at", IsoTime.format(createdAt == null ? timestamp : createdAt));
            served.put("updated_at", IsoTime.format(updatedAt == null ? timestamp : updatedAt));
            served.put("markers", markers(event.get("markers")));
            return served;
        } catch (Bad e) {
            return null;
        }
    }

    private static List<Object> markers(@Nullable Object markers) {
        if (markers == null || markers == NULL) {
            return List.of();
        }
        List<?> all = markers instanceof Map ? List.of(markers) : required(markers instanceof List<?> l ? l : null);
        List<Map<String, Object>> read = new ArrayList<>();
        for (Object each : all) {
            Map<?, ?> marker = required(object(each));
            Map<String, Object> served = new LinkedHashMap<>();
            served.put("name", required(text(marker, "name")));
            served.put("timestamp", IsoTime.format(required(time(marker, "timestamp"))));
            read.add(served);
        }
        read.sort(Comparator.comparing(marker -> String.valueOf(marker.get("timestamp"))));
        return List.copyOf(read);
    }

    /** The action as it is served in a period without markers, null if the value is no event. */
    static @Nullable Map<String, Object> action(long id, byte[] value) {
        Map<?, ?> event = object(StrictJson.parse(value));
        if (event == null) {
            return null;
        }
        try {
            requireId(event, "actionId", id);
            Map<String, Object> served = new LinkedHashMap<>();
            served.put("actionId", new StrictJson.Num(Long.toString(id)));
            for (String name : List.of("classification", "subClassification", "status")) {
                served.put(name, orNull(text(event, name)));
            }
            served.put("createdTime", IsoTime.format(required(time(event, "createdTime"))));
            for (String name : List.of("assignedTime", "doingTime", "closedTime")) {
                Long time = time(event, name);
                served.put(name, time == null ? NULL : IsoTime.format(time));
            }
            served.put("createdByUserName", orNull(text(event, "createdByUserName")));
            served.put("periodMarker", NULL);
            served.put("assignedUserNames", userNames(event.get("assignedUserNames")));
            for (String name : List.of("channel", "formType", "latestChannel")) {
                served.put(name, orNull(text(event, name)));
            }
            Object aiDispatched = event.get("aiDispatched");
            if (aiDispatched != null && !(aiDispatched instanceof StrictJson.Literal)) {
                return null;
            }
            served.put("aiDispatched", aiDispatched == TRUE ? TRUE : FALSE);
            formFields(event);
            return served;
        } catch (Bad e) {
            return null;
        }
    }

    /** By name. */
    static Map<?, ?> formFields(Map<?, ?> event) {
        Object fields = event.get("formFields");
        return fields == null || fields == NULL ? Map.of() : required(object(fields));
    }

    private static List<?> userNames(@Nullable Object names) {
        if (names == null || names == NULL) {
            return List.of();
        }
        if (!(names instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            throw new Bad();
        }
        return list;
    }

    private static void requireId(Map<?, ?> event, String name, long id) {
        Object given = event.get(name);
        if (given == null) {
            return;
        }
        if (!(given instanceof StrictJson.Num number) || number.text().length() > MAX_ID_LENGTH) {
            throw new Bad();
        }
        try {
            if (new BigDecimal(number.text()).compareTo(BigDecimal.valueOf(id)) != 0) {
                throw new Bad();
            }
        } catch (NumberFormatException e) {
            throw new Bad(); // an exponent beyond 32 bits
        }
    }

    static @Nullable Map<?, ?> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : null;
    }

    private static @Nullable String text(Map<?, ?> event, String name) {
        Object value = event.get(name);
        if (value != null && value != NULL && !(value instanceof String)) {
            throw new Bad();
        }
        return value instanceof String text ? text : null;
    }

    private static @Nullable Long time(Map<?, ?> event, String name) {
        String text = text(event, name);
        if (text == null) {
            return null;
        }
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw new Bad();
        }
        return time.getAsLong();
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new Bad();
        }
        return value;
    }

    private static Object orNull(@Nullable String text) {
        return text == null ? NULL : text;
    }
}
