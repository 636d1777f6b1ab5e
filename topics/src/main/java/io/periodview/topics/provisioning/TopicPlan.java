package io.periodview.topics.provisioning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What is to be done to make a cluster's topics as they are wanted: one step a topic, in their order. It never
 * destroys: no topic and no setting is removed, nothing is kept for a shorter time, no partition is added. If one step
 * is refused, none is to be taken.
 *
 * @param wanted what the plan was made for, so that it can be made again
 */
public record TopicPlan(List<TopicSpec> wanted, List<Step> steps) {

    /** What is to be done about one topic. Notes say to a person what is left different, and why. */
    public sealed interface Step {
        String topic();
    }

    /** The topic is missing. The spec is the one wanted, made to fit the cluster. */
    public record Create(TopicSpec spec, List<String> notes) implements Step {
        @Override
        public String topic() {
            return spec.name();
        }
    }

    /** Settings of a topic differ. The changes are by setting, in the order of {@code topics.yaml}. */
    public record AlterConfig(String topic, Map<String, Change> changes, List<String> notes) implements Step {}

    /** Nothing is to be done. */
    public record UpToDate(String topic, List<String> notes) implements Step {}

    /** What is wanted would destroy, or cannot be; the reason says what to do. */
    public record Refused(String topic, String reason) implements Step {}

    /** A setting's value in effect and the one to come. */
    public record Change(String from, String to) {
        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    public TopicPlan {
        wanted = List.copyOf(wanted);
        steps = List.copyOf(steps);
    }

    /**
     * The plan for a cluster.
     *
     * @param existing those of the wanted topics that exist, by name
     * @param brokers how many brokers there are, at least one
     */
    public static TopicPlan of(List<TopicSpec> wanted, Map<String, ActualTopic> existing, int brokers) {
        if (brokers < 1) {
            throw new IllegalArgumentException("A cluster has at least one broker, not " + brokers);
        }
        PartitionCounts counts = new PartitionCounts(wanted, existing);
        List<Step> steps = new ArrayList<>();
        for (TopicSpec spec : wanted) {
            ActualTopic topic = existing.get(spec.name());
            Optional<String> problem = counts.problem(spec);
            if (problem.isPresent()) {
                steps.add(new Refused(spec.name(), problem.get()));
            } else if (topic == null) {
                ClusterAdjustment here = new ClusterAdjustment(spec, List.of()).replicatedOver(brokers);
                steps.add(new Create(here.spec(), here.notes()));
            } else {
                steps.add(compare(new ClusterAdjustment(spec, List.of()), topic, brokers));
            }
        }
        return new TopicPlan(wanted, steps);
    }

    /** Whether anything is refused, and therefore nothing to be done. */
    public boolean isRefused() {
        return steps.stream().anyMatch(Refused.class::isInstance);
    }

    /** Whether all topics are as they should be. */
    public boolean isUpToDate() {
        return steps.stream().allMatch(UpToDate.class::isInstance);
    }

    /** For people: one line a step, which begins with {@code +}, {@code ~}, {@code =} or {@code !}. */
    @Override
    public String toString() {
        return steps.stream().map(PlanFormatter::line).collect(Collectors.joining("\n"));
    }

    private static Step compare(ClusterAdjustment fit, ActualTopic topic, int brokers) {
        TopicSpec spec = fit.inSyncOf(topic.replicationFactor()).spec();
        Map<String, Change> changes = new LinkedHashMap<>();
        List<String> notes = differences(spec, topic, brokers);
        for (Map.Entry<String, String> config : spec.configs().entrySet()) {
            String setting = config.getKey();
            String to = config.getValue();
            String from = topic.configs().get(setting);
            if (from == null) {
                changes.put(setting, new Change("unset", to));
                continue;
            }
            switch (ConfigRule.judge(setting, from, to)) {
                case SAME -> {}
                case LEAVE -> notes.add(setting + " stays " + from + ", not " + to);
                case CHANGE -> changes.put(setting, new Change(from, to));
                case REFUSE -> {
                    return new Refused(spec.name(), wouldDelete(spec, from, to));
                }
            }
        }
        return changes.isEmpty()
                ? new UpToDate(spec.name(), List.copyOf(notes))
                : new AlterConfig(spec.name(), changes, List.copyOf(notes));
    }

    private static List<String> differences(TopicSpec spec, ActualTopic topic, int brokers) {
        List<String> notes = new ArrayList<>();
        if (topic.partitions() != spec.partitions()) {
            notes.add("it keeps its " + Phrases.count(topic.partitions(), "partition") + ", not " + spec.partitions());
        }
        // Brokers that are away do not count, though the topic has replicas there.
        int possible = Math.min(spec.replicationFactor(), brokers);
        if (topic.replicationFactor() != spec.replicationFactor() && topic.replicationFactor() != possible) {
            notes.add("replication factor stays " + topic.replicationFactor() + ", not " + possible
                    + ": kafka-reassign-partitions changes it");
        }
        return notes;
    }

    private static String wouldDelete(TopicSpec spec, String from, String to) {
        String setting = TopicConfig.CLEANUP_POLICY_CONFIG;
        return setting + " is " + from + ", not " + to + ", and to change it would delete what is older than "
                + spec.configs().getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "its retention.ms")
                + " ms. If that may go: kafka-configs --alter --topic " + spec.name() + " --add-config " + setting + "="
                + to;
    }
}
