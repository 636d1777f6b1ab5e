package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.PartitionStatus.Role;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What an instance reports that it hosts, from the opening of a store to its close. */
class LocalPartitionsTest {

    private static final TopicPartition CHANGELOG = new TopicPartition("view-changelog", 3);

    private final AtomicInteger restored = new AtomicInteger();
    private final RestoreProgress restores = new RestoreProgress("view", new ServiceMetrics() {
        @Override
        public void restored() {
            restored.incrementAndGet();
        }
    });
    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"), restores);

    private PartitionStatus only() {
        assertThat(partitions.statuses()).hasSize(1);
        return partitions.statuses().get(0);
    }

    @Test
    void aPartitionIsRestoredThenOwnedThenGone() {
        assertThat(partitions.statuses()).isEmpty();
        partitions.opened(3, new NoRows());
        restores.onRestoreStart(CHANGELOG, "view", 100, 1_100);
        restores.onBatchRestored(CHANGELOG, "view", 349, 200); // 50 of 250 offsets were no records
        assertThat(only().role()).isEqualTo(Role.RESTORING);
        RestoreProgress.Progress restore = Objects.requireNonNull(only().restore());
        assertThat(restore.total()).isEqualTo(1_000);
        assertThat(restore.remaining()).isEqualTo(750);

        restores.onRestoreEnd(CHANGELOG, "view", 800);
        OwnedPartition owned = partitions.activate(3);
        assertThat(only().role()).as("its position is not known yet").isEqualTo(Role.UNCONFIRMED);
        owned.offsets().consumerAt("actions", 8);
        owned.offsets().updateLag("actions", 5);
        assertThat(only().role()).isEqualTo(Role.OWNER);
        assertThat(only().position()).containsEntry("actions", 7L);
        assertThat(only().lag()).containsEntry("actions", 5L);
        assertThat(restored).hasValue(1);

        partitions.deactivate(owned);
        partitions.replica(3).closed();
        assertThat(partitions.statuses()).isEmpty();
    }

    @Test
    void aStandbyCatchesUp() {
        partitions.opened(3, new NoRows());
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(only().standbyLag()).isNull();
        partitions.replica(3).updateLag(20, true);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(only().standbyLag()).isEqualTo(20);
        partitions.replica(3).updateLag(0, true);
        partitions.replica(3).updateLag(4, true);
        assertThat(only().role()).isEqualTo(Role.STANDBY);
        assertThat(only().standbyLag()).isEqualTo(4);
    }

    @Test
    void otherStoresAndSuspendedRestoresDoNotCount() {
        partitions.opened(3, new NoRows());
        restores.onRestoreStart(CHANGELOG, "api-keys", 0, 10);
        restores.onRestoreEnd(CHANGELOG, "api-keys", 10);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        restores.onRestoreStart(CHANGELOG, "view", 0, 10);
        restores.onRestoreSuspended(CHANGELOG, "view", 3);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(restored).hasValue(0);
    }

    /** Its session is over at once. */
    @Test
    void anOwnerWithAPositionIsCutOffWhileItsThreadDoesNotPoll() {
        LocalPartitions silent = new LocalPartitions(Duration.ZERO, Set.of("actions"), restores);
        OwnedPartition owned = silent.activate(3);
        assertThat(silent.cutOff(3)).as("its position is not known").isNull();
        owned.offsets().consumerAt("actions", 8);
        assertThat(silent.cutOff(3)).isSameAs(owned);
        assertThat(silent.owned(3)).isNull();
        OwnedPartition next = silent.activate(3);
        assertThat(owned.isOpen()).isFalse();
        silent.deactivate(next);
        assertThat(silent.cutOff(3)).isNull();
        assertThat(next.isOpen()).isFalse();
    }
}
