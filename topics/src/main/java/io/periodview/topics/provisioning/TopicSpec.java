package io.periodview.topics.provisioning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A topic as it should be.
 *
 * @param configs Kafka's topic settings by name, in the order in which they are shown
 */
public record TopicSpec(
        TopicRole role, String name, int partitions, int replicationFactor, Map<String, String> configs) {

    public TopicSpec {
        if (partitions < 1 || replicationFactor < 1) {
            throw new IllegalArgumentException("A topic has at least one partition and one replica, not " + partitions
                    + " and " + replicationFactor + ": " + name);
        }
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    }

    TopicSpec withReplicationFactor(int factor) {
        return new TopicSpec(role, name, partitions, factor, configs);
    }

    TopicSpec withConfig(String setting, String value) {
        Map<String, String> changed = new LinkedHashMap<>(configs);
        changed.put(setting, value);
        return new TopicSpec(role, name, partitions, replicationFactor, changed);
    }
}
