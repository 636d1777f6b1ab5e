package io.periodview.topics.provisioning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The rule that the topics in which teams live have one number of partitions, which never changes: a team's partition
 * is a hash modulo that number, in all of them.
 */
record PartitionCounts(List<TopicSpec> wanted, Map<String, ActualTopic> existing) {

    private static final String WHY = "a team's events would move to another partition";

    PartitionCounts {
        wanted = wanted.stream().filter(spec -> spec.role().partitionedByTeam()).toList();
    }

    /** Why this topic cannot be as it is wanted, and what to do; empty if the rule allows it. */
    Optional<String> problem(TopicSpec spec) {
        if (!spec.role().partitionedByTeam()) {
            return Optional.empty();
        }
        if (wanted.stream().mapToInt(TopicSpec::partitions).distinct().count() > 1) {
            return Optional.of(wantedDiffer());
        }
        Map<String, Integer> events = counts(TopicRole.PERIODS, TopicRole.ACTIONS);
        boolean ofEvents = spec.role() != TopicRole.REROUTED;
        if (new TreeSet<>(events.values()).size() > 1) {
            return Optional.of(eventsDiffer(events));
        }
        Map<String, Integer> reference = events.isEmpty() ? counts(TopicRole.REROUTED) : events;
        if (reference.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<String, Integer> first = reference.entrySet().iterator().next();
        int count = first.getValue();
        ActualTopic topic = existing.get(spec.name());
        if (topic == null) {
            return count == spec.partitions() ? Optional.empty() : Optional.of(wouldDiffer(spec, first));
        }
        if (!ofEvents && topic.partitions() != count) {
            return Optional.of(reroutedDiffers(topic.partitions(), first));
        }
        return count == spec.partitions() ? Optional.empty() : Optional.of(unchangeable(spec, count));
    }

    private Map<String, Integer> counts(TopicRole... roles) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (TopicSpec spec : wanted) {
            ActualTopic topic = existing.get(spec.name());
            if (topic != null && List.of(roles).contains(spec.role())) {
                counts.put(spec.name(), topic.partitions());
            }
        }
        return counts;
    }

    private String wantedDiffer() {
        return Phrases.list(wanted.stream().map(TopicSpec::name).toList())
                + " must have the same number of partitions, but "
                + Phrases.list(wanted.stream()
                        .map(spec -> Integer.toString(spec.partitions()))
                        .toList())
                + " are wanted: correct topics.yaml";
    }

    private static String eventsDiffer(Map<String, Integer> counts) {
        return Phrases.list(counts.entrySet().stream()
                        .map(topic -> topic.getKey() + " has " + Phrases.count(topic.getValue(), "partition"))
                        .toList())
                + ": they must have the same number, and none is ever changed, since " + WHY
                + ". Create new topics with another --topic-prefix, and produce the events again";
    }

    private static String reroutedDiffers(int partitions, Map.Entry<String, Integer> events) {
        return "it has " + Phrases.count(partitions, "partition") + " and " + events.getKey() + " has "
                + events.getValue() + ", but they must have the same number. Take another --application-id, which has"
                + " a topic of its own and reads all events again";
    }

    private static String wouldDiffer(TopicSpec spec, Map.Entry<String, Integer> other) {
        return "it would have " + Phrases.count(spec.partitions(), "partition") + " where " + other.getKey() + " has "
                + other.getValue() + ", but they must have the same number: pass --partitions " + other.getValue();
    }

    private static String unchangeable(TopicSpec spec, int partitions) {
        return "it has " + Phrases.count(partitions, "partition") + " and " + spec.partitions()
                + " are wanted, but the number is never changed, since " + WHY + ": pass --partitions " + partitions;
    }
}
