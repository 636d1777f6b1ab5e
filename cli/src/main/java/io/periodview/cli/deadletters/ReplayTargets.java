package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The partitions that dead letters can be sent to, as they are when this is made. Immutable. */
final class ReplayTargets {

    private final Map<String, Integer> partitions = new HashMap<>();

    ReplayTargets(KafkaOptions options, KafkaCluster cluster) throws InterruptedException {
        for (String topic : List.of(options.topics().periods(), options.topics().actions())) {
            partitions.put(topic, cluster.partitions(topic).size());
        }
    }

    /** The partition that a dead letter belongs in. */
    int partition(DeadLetterRecord letter, DeadLetter rejection) {
        RecordOrigin origin = rejection.origin();
        return partition(letter.key(), origin, partitions.getOrDefault(origin.topic(), 1));
    }

    /** The partition of the key's team, or that of the origin if the key names no team. */
    static int partition(byte @Nullable [] key, RecordOrigin origin, int partitions) {
        EventKey parsed = EventKey.parse(key);
        return parsed == null ? origin.partition() : TeamPartitioner.partitionOf(parsed.teamId(), partitions);
    }

    /** Why a dead letter can never be sent again; null if it can. */
    @Nullable
    String obstacle(DeadLetterRecord letter) {
        DeadLetter rejection = letter.rejection();
        if (rejection == null) {
            return "the service did not write it, so its origin is unknown";
        }
        if (letter.topic() == null) {
            return "it came from " + TerminalEscaper.all(rejection.origin().topic())
                    + ", which is not a topic of this service";
        }
        if (!rejection.isWhole()) {
            return (rejection.isSkipped() ? "the record was skipped" : "it was too large to be kept whole")
                    + ", so its value is not here; while the topic keeps it, the original is "
                    + TerminalEscaper.all(String.valueOf(letter.origin()));
        }
        if (letter.key() == null) {
            return "it has no key, and " + letter.topic() + " requires one";
        }
        int target = partition(letter, rejection);
        return target < partitions.getOrDefault(rejection.origin().topic(), 0)
                ? null
                : "there is no " + letter.topic() + "-" + target;
    }
}
