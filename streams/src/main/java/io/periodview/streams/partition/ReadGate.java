package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.Checkpoint.Input;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps a consumer from what may not be read yet, or any more: see {@link Admission}. A partition that is kept paused here is
 * one that Kafka Streams wants to read. Not thread-safe.
 */
final class ReadGate {

    private final LocalPartitions partitions;
    private final Set<TopicPartition> held = new HashSet<>();

    ReadGate(LocalPartitions partitions) {
        this.partitions = partitions;
    }

    /** Those of the partitions that may be resumed; the others are once they may be read. */
    List<TopicPartition> resumable(Collection<TopicPartition> wanted) {
        List<TopicPartition> resumable = new ArrayList<>();
        for (TopicPartition partition : wanted) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned == null || owned.admission().isAtStart(partition.topic())) {
                resumable.add(partition);
            } else {
                held.add(partition);
            }
        }
        return resumable;
    }

    /** Kafka Streams does not want to read them. */
    void paused(Collection<TopicPartition> paused) {
        held.removeAll(paused);
    }

    /** Pauses what may not be read, and goes on with what may; to be called before each poll. */
    void apply(Consumer<?, ?> consumer, PauseAndResume client) {
        Set<TopicPartition> assigned = consumer.assignment();
        held.retainAll(assigned);
        for (TopicPartition partition : assigned) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned == null) {
                continue;
            }
            if (!owned.admission().mayRead(partition.topic())) {
                if (!consumer.paused().contains(partition)) {
                    client.pause(Set.of(partition));
                    held.add(partition);
                }
                continue;
            }
            Input seek = owned.admission().takeSeek(partition.topic());
            if (seek != null) {
                consumer.seek(
                        partition,
                        new OffsetAndMetadata(
                                seek.next(),
                                seek.leaderEpoch() < 0 ? Optional.empty() : Optional.of(seek.leaderEpoch()),
                                ""));
            }
            if (held.remove(partition)) {
                client.resume(Set.of(partition));
            }
        }
    }

    /** The consumer's own methods, which do not ask the gate. */
    interface PauseAndResume {
        void pause(Collection<TopicPartition> partitions);

        void resume(Collection<TopicPartition> partitions);
    }
}
