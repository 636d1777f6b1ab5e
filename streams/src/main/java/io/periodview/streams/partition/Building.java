package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.LogFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new view must show before it answers: all that periods and actions had when it was begun. That of its own partition
 * it reads itself. What other partitions have of its teams is sent on by those who read them, so it waits for the offsets
 * that they commit, and then for all that was rerouted until then. Not thread-safe.
 */
final class Building {

    private static final Logger LOG = LoggerFactory.getLogger(Building.class);

    /** A partition may stand still, or have nothing but aborted events, whose offsets nobody commits. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private final int partition;
    private final String rerouted;
    private final Map<TopicPartition, Long> others = new HashMap<>();

    /** By topic, behind the last. */
    private final Map<String, Long> own = new HashMap<>();

    private boolean othersAreRead;
    private long committed = -1;
    private long advancedAt;

    /** @param inputs periods, actions and rerouted, in this order */
    Building(int partition, List<String> inputs, LogFacts facts) {
        this.partition = partition;
        this.rerouted = inputs.get(inputs.size() - 1);
        facts.ranges().forEach((log, range) -> {
            if (!inputs.contains(log.topic())) {
                return;
            }
            if (log.partition() == partition) {
                own.put(log.topic(), range.end());
            } else if (!log.topic().equals(rerouted) && range.end() > range.start()) {
                others.put(log, range.end());
            }
        });
        advancedAt = facts.askedAt();
        update(facts);
    }

    /** Looks at what the group has committed now. */
    void update(LogFacts facts) {
        if (othersAreRead) {
            return;
        }
        others.entrySet().removeIf(end -> facts.committed().getOrDefault(end.getKey(), 0L) >= end.getValue());
        long sum =
                facts.committed().values().stream().mapToLong(Long::longValue).sum();
        if (sum != committed) {
            committed = sum;
            advancedAt = facts.askedAt();
        }
        boolean isWaitOver = facts.askedAt() - advancedAt > MAX_WAIT.toMillis();
        if (isWaitOver && !others.isEmpty()) {
            LOG.warn(
                    "Partition {} answers although {} were not read to their ends: nothing was read for {}. If they have"
                            + " events of its teams, those come later",
                    partition,
                    others.keySet(),
                    MAX_WAIT);
        }
        othersAreRead = others.isEmpty() || isWaitOver;
        if (othersAreRead) {
            own.merge(rerouted, facts.written().getOrDefault(partition, 0L), Math::max);
        }
    }

    boolean isDone(AppliedOffsets offsets) {
        return othersAreRead && !offsets.isBefore(own);
    }

    /** For a person. */
    String remaining(AppliedOffsets offsets) {
        return offsets.missing(own) + " offsets to go"
                + (othersAreRead
                        ? ""
                        : ", and " + others.size() + " logs of other partitions, which may send events on");
    }
}
