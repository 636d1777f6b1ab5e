package io.periodview.topics.provisioning;

import java.util.Map;

/**
 * A topic as a cluster has it.
 *
 * @param replicationFactor the smallest of its partitions
 * @param configs the values in effect by name, whether set for the topic or by the brokers' defaults
 */
public record ExistingTopic(int partitions, int replicationFactor, Map<String, String> configs) {

    public ExistingTopic {
        configs = Map.copyOf(configs);
    }
}
