package io.periodview.streams.checkpoint;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What the brokers say of the topics at one moment.
 *
 * @param askedAt milliseconds since the epoch: nothing in here is older
 * @param topics those that exist, by name
 * @param ranges of all partitions
 * @param diverged where logs that were truncated, and have grown since, go apart from what was read of them
 * @param written behind the last offset of rerouted in each partition, of transactions that are not committed as well
 * @param committed the group's offsets of these partitions, where it has some
 * @param skips up to which offset an operator has allowed to go on although events cannot be read any more
 * @param deletionsKept for how long the log of periods and of actions is sure to have a deletion
 */
public record LogFacts(
        long askedAt,
        Map<String, Topic> topics,
        Map<TopicPartition, Range> ranges,
        Map<TopicPartition, Long> diverged,
        Map<Integer, Long> written,
        Map<TopicPartition, Long> committed,
        Map<TopicPartition, Long> skips,
        Duration deletionsKept) {

    /** The same, once it is known where logs diverge. */
    public LogFacts withDiverged(Map<TopicPartition, Long> ends) {
        return new LogFacts(askedAt, topics, ranges, ends, written, committed, skips, deletionsKept);
    }

    /** @param id a topic that is deleted and made anew has another */
    public record Topic(Uuid id, int partitions) {}

    /**
     * @param start the first offset that the log has
     * @param end behind the last offset that readers of committed records may see
     */
    public record Range(long start, long end) {}
}
