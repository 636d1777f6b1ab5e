package io.periodview.topics.provisioning;

import java.util.Map;

/**
 * A topic as a cluster has it.
 *
 * @param replicationFactor the smallest of its partitions
 * @param configs the values in effect by name, whether set for the topic or by the brokers' defaults
 */
public record ActualTopic(int partitions, int replicationFactor, Map<String, String> configs) {

    public ActualTopic {
        configs = Map.copyOf(configs);
    }
}
