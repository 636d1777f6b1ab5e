package io.periodview.topics.provisioning;

import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is wanted, made to fit one cluster: no more replicas than it has brokers, and room for whatever its topics of
 * events hold already in those that their events go on to.
 *
 * @param notes how the spec differs from the file, for people
 */
record ClusterAdjustment(TopicSpec spec, List<String> notes) {

    /** For the headers that the service adds, and the batch around them. */
    private static final long MARGIN = 1 << 20;

    /** One for each of the topics, in their order, with room for records; not yet for a number of brokers. */
    static List<ClusterAdjustment> of(List<TopicSpec> wanted, Map<String, ActualTopic> existing) {
        long events = largest(wanted, existing, TopicRole.PERIODS, TopicRole.ACTIONS);
        long rerouted = Math.max(events + MARGIN, largest(wanted, existing, TopicRole.REROUTED));
        List<ClusterAdjustment> fits = new ArrayList<>();
        for (TopicSpec spec : wanted) {
            ClusterAdjustment fit = new ClusterAdjustment(spec, List.of());
            fits.add(
                    switch (spec.role()) {
                        case REROUTED -> fit.withRoomFor(events);
                        case DEAD_LETTERS -> fit.withRoomFor(rerouted);
                        case PERIODS, ACTIONS, API_KEYS -> fit;
                    });
        }
        return fits;
    }

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

    private ClusterAdjustment withRoomFor(long bytes) {
        String size = spec.configs().get(MAX_MESSAGE_BYTES_CONFIG);
        long needed = bytes + MARGIN;
        return size == null || Long.parseLong(size) >= needed
                ? this
                : new ClusterAdjustment(
                        spec.withConfig(MAX_MESSAGE_BYTES_CONFIG, Long.toString(needed)),
                        with(MAX_MESSAGE_BYTES_CONFIG + " " + needed + ", not " + size
                                + ": records come here from topics that take " + bytes));
    }

    private List<String> with(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return List.copyOf(all);
    }

    /** The largest record that any topic of these roles takes, or will take. */
    private static long largest(List<TopicSpec> wanted, Map<String, ActualTopic> existing, TopicRole... roles) {
        long largest = 0;
        for (TopicSpec spec : wanted) {
            if (List.of(roles).contains(spec.role())) {
                largest = Math.max(largest, size(spec.configs()));
                ActualTopic topic = existing.get(spec.name());
                largest = topic == null ? largest : Math.max(largest, size(topic.configs()));
            }
        }
        return largest;
    }

    private static long size(Map<String, String> configs) {
        return Long.parseLong(configs.getOrDefault(MAX_MESSAGE_BYTES_CONFIG, "0"));
    }
}
