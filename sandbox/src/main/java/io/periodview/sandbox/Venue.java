package io.periodview.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.periodview.topics.EventKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * One team's periods and actions as they stand, as the JSON of their last events. Every change of them is recorded as
 * an event to be published. Not thread-safe.
 */
final class Venue {

    final long teamId;
    /** By id, so by age. */
    final TreeMap<Long, ObjectNode> periods = new TreeMap<>();

    final TreeMap<Long, ObjectNode> actions = new TreeMap<>();
    private final List<SampleEvent> changes = new ArrayList<>();

    Venue(long teamId) {
        this.teamId = teamId;
    }

    /** Takes over what an earlier run has published. */
    void restore(SampleEvent.Kind kind, long id, ObjectNode value) {
        table(kind).put(id, value);
    }

    /**
     * An id greater than all before it and not in the past, so that one that was deleted is not given again.
     */
    long newId(SampleEvent.Kind kind, long nowMillis) {
        TreeMap<Long, ObjectNode> table = table(kind);
        return table.isEmpty() ? nowMillis : Math.max(nowMillis, table.lastKey() + 1);
    }

    static ObjectNode newObject() {
        // How a later run knows its own; readers ignore it.
        return JsonNodeFactory.instance.objectNode().put("source", "sample");
    }

    static boolean isOwn(JsonNode value) {
        return value.path("source").asText().equals("sample");
    }

    void put(SampleEvent.Kind kind, long id, ObjectNode value) {
        table(kind).put(id, value);
        changes.add(
                new SampleEvent(kind, new EventKey(teamId, id), value.toString().getBytes(StandardCharsets.UTF_8)));
    }

    void delete(SampleEvent.Kind kind, long id) {
        table(kind).remove(id);
        changes.add(new SampleEvent(kind, new EventKey(teamId, id), null));
    }

    /** The events since the last call. */
    List<SampleEvent> takeChanges() {
        List<SampleEvent> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    private TreeMap<Long, ObjectNode> table(SampleEvent.Kind kind) {
        return kind == SampleEvent.Kind.PERIOD ? periods : actions;
    }
}
