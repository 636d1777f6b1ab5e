package io.periodview.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.periodview.topics.EventKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The current periods and actions of one team, as the JSON of their last events. Every change is recorded as an event to
 * publish. Not thread-safe.
 */
final class Venue {

    final long teamId;
    /** By id, which is by age. */
    final TreeMap<Long, ObjectNode> periods = new TreeMap<>();

    final TreeMap<Long, ObjectNode> actions = new TreeMap<>();
    /** The ids of actions that are neither closed nor canceled. */
    final TreeSet<Long> openActions = new TreeSet<>();

    private final List<SampleEvent> changes = new ArrayList<>();

    Venue(long teamId) {
        this.teamId = teamId;
    }

    /** Takes over what an earlier run has published. */
    void restore(SampleEvent.Kind kind, long id, ObjectNode value) {
        store(kind, id, value);
    }

    /** An id greater than all before it and than the current time, so that deleted ids are never reused. */
    long newId(SampleEvent.Kind kind, long nowMillis) {
        TreeMap<Long, ObjectNode> table = table(kind);
        return table.isEmpty() ? nowMillis : Math.max(nowMillis, table.lastKey() + 1);
    }

    static ObjectNode newObject() {
        // By which a later run recognizes its own events; readers ignore it.
        return JsonNodeFactory.instance.objectNode().put("source", "sample");
    }

    static boolean isOwn(JsonNode value) {
        return value.path("source").asText().equals("sample");
    }

    void put(SampleEvent.Kind kind, long id, ObjectNode value) {
        store(kind, id, value);
        changes.add(
                new SampleEvent(kind, new EventKey(teamId, id), value.toString().getBytes(StandardCharsets.UTF_8)));
    }

    void delete(SampleEvent.Kind kind, long id) {
        table(kind).remove(id);
        if (kind == SampleEvent.Kind.ACTION) {
            openActions.remove(id);
        }
        changes.add(new SampleEvent(kind, new EventKey(teamId, id), null));
    }

    /** The events since the last call. */
    List<SampleEvent> drainChanges() {
        List<SampleEvent> drained = List.copyOf(changes);
        changes.clear();
        return drained;
    }

    private void store(SampleEvent.Kind kind, long id, ObjectNode value) {
        table(kind).put(id, value);
        if (kind == SampleEvent.Kind.ACTION) {
            if (value.has("closedTime")) {
                openActions.remove(id);
            } else {
                openActions.add(id);
            }
        }
    }

    private TreeMap<Long, ObjectNode> table(SampleEvent.Kind kind) {
        return kind == SampleEvent.Kind.PERIOD ? periods : actions;
    }
}
