package io.periodview.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A change as a producer publishes it.
 *
 * @param topic {@code periods} or {@code actions}
 * @param timestamp milliseconds since the epoch
 * @param value JSON, or null for a deletion
 */
public record Event(
        String topic, String key, long timestamp, @Nullable String value) {

    public long teamId() {
        return Long.parseLong(key.substring(0, key.indexOf('/')));
    }

    public long id() {
        return Long.parseLong(key.substring(key.indexOf('/') + 1));
    }

    public boolean isPeriod() {
        return topic.equals("periods");
    }

    /** An event of the JSON Lines that {@code produce} takes. */
    public static Event ofLine(String line) throws JsonProcessingException {
        JsonNode node = ReferenceView.JSON.readTree(line);
        JsonNode value = node.get("value");
        return new Event(
                node.get("topic").asText(),
                node.get("key").asText(),
                node.get("timestamp").asLong(),
                value.isNull() ? null : value.toString());
    }
}
