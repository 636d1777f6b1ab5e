package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class UnprocessedBytesTest {

    private static final TopicPartition ACTIONS = new TopicPartition("actions", 3);
    private static final TopicPartition OTHER = new TopicPartition("actions", 4);

    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"));
    private final OwnedPartition owned = partitions.activate(3);
    private final OwnedPartition other = partitions.activate(4);
    private final UnprocessedBytes unprocessed = new UnprocessedBytes(partitions);

    @Test
    void holdsThosePartitionsWhoseRecordsWait() {
        unprocessed.returned(ACTIONS, owned, 10, 60);
        unprocessed.returned(OTHER, other, 7, 30);
        assertThat(unprocessed.waitingAbove(90)).isEmpty();
        unprocessed.returned(ACTIONS, owned, 20, 40);
        assertThat(unprocessed.waitingAbove(90)).containsExactlyInAnyOrder(ACTIONS, OTHER);

        other.offsets().buffered("actions", 7);
        assertThat(unprocessed.waitingAbove(90)).containsExactly(ACTIONS);
        owned.offsets().buffered("actions", 9);
        assertThat(unprocessed.waitingAbove(90)).containsExactly(ACTIONS);
        owned.offsets().buffered("actions", 10);
        assertThat(unprocessed.waitingAbove(90)).isEmpty();
        assertThat(unprocessed.waitingAbove(39)).containsExactly(ACTIONS);
    }

    @Test
    void forgetsWhatWasDroppedWithThePartition() {
        unprocessed.returned(ACTIONS, owned, 10, 60);
        partitions.deactivate(owned);
        assertThat(unprocessed.waitingAbove(0)).isEmpty();

        unprocessed.returned(OTHER, other, 7, 30);
        partitions.deactivate(other);
        partitions.activate(4); // after a failed transaction
        assertThat(unprocessed.waitingAbove(0)).isEmpty();
    }
}
