package io.periodview.streams.partition;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Bytes of the records that a consumer has returned and that are not processed yet. Kafka Streams queues a thousand records
 * of each partition, however large, where processing stands still while polls go on. Not thread-safe: of the thread that
 * polls.
 */
final class UnprocessedBytes {

    /** Of one poll. */
    private record Returned(OwnedPartition owned, long lastOffset, long bytes) {}

    private final LocalPartitions partitions;
    private final Map<TopicPartition, Deque<Returned>> returned = new HashMap<>();
    private long total;

    UnprocessedBytes(LocalPartitions partitions) {
        this.partitions = partitions;
    }

    /** A poll has returned records of a partition up to this offset. */
    void returned(TopicPartition partition, OwnedPartition owned, long lastOffset, long bytes) {
        returned.computeIfAbsent(partition, unknown -> new ArrayDeque<>()).add(new Returned(owned, lastOffset, bytes));
        total += bytes;
    }

    /** Those of which records wait, if they have more bytes together than the limit; else none. */
    Set<TopicPartition> waitingAbove(long limit) {
        if (total > 0) {
            returned.entrySet().removeIf(each -> forgetProcessed(each.getKey(), each.getValue()));
        }
        return total > limit ? returned.keySet() : Set.of();
    }

    /** Who lost the partition, or begins it again after a failed transaction, has dropped its queue. */
    private boolean forgetProcessed(TopicPartition partition, Deque<Returned> polls) {
        OwnedPartition owner = partitions.active(partition.partition());
        while (!polls.isEmpty()
                && (polls.peek().owned() != owner
                        || owner.offsets()
                                .isBuffered(partition.topic(), polls.peek().lastOffset()))) {
            total -= polls.remove().bytes();
        }
        return polls.isEmpty();
    }
}
