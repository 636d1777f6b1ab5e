package io.periodview.topics.provisioning;

import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wanted, made to fit one cluster: no more replicas than it has brokers.
 *
 * @param notes how the spec differs from the file, for people
 */
record ClusterAdjustment(TopicSpec spec, List<String> notes) {

    /** A new topic cannot have more replicas than there are brokers. */
    ClusterAdjustment replicatedOver(int brokers) {
        int factor = Math.min(spec.replicationFactor(), brokers);
        ClusterAdjustment fit = factor == spec.replicationFactor()
                ? this
                : new ClusterAdjustment(
                        spec.withReplicationFactor(factor),
                        with("replication factor " + factor + ", not " + spec.replicationFactor() + ": the cluster has "
                                + Phrases.count(brokers, "broker")));
        return fit.inSyncOf(factor);
    }

    /** With all of its replicas needed, a topic could not be written while one is away. */
    ClusterAdjustment inSyncOf(int replicas) {
        String inSync = spec.configs().get(MIN_IN_SYNC_REPLICAS_CONFIG);
        int most = Math.max(1, replicas - 1);
        return inSync == null || Integer.parseInt(inSync) <= most
                ? this
                : new ClusterAdjustment(spec.withConfig(MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(most)), notes);
    }

    private List<String> with(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return List.copyOf(all);
    }
}
