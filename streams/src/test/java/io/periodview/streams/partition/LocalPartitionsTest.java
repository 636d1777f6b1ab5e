package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.PartitionStatus.Role;
import io.periodview.streams.partition.RestoreProgress.Progress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What an instance says that it holds, from the opening of a store to its close. */
class LocalPartitionsTest {

    private static final TopicPartition CHANGELOG = new TopicPartition("view-changelog", 3);

    private final AtomicInteger restored = new AtomicInteger();
    private final RestoreProgress restorations = new RestoreProgress("view", new ServiceMetrics() {
        @Override
        public void restored() {
            restored.incrementAndGet();
        }
    });
    private final LocalPartitions held = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"), restorations);

    private PartitionStatus only() {
        assertThat(held.statuses()).hasSize(1);
        return held.statuses().get(0);
    }

    @Test
    void aPartitionIsRestoredThenOwnedThenGone() {
        assertThat(held.statuses()).isEmpty();
        held.copy(3).opened();
        restorations.onRestoreStart(CHANGELOG, "view", 100, 1_100);
        restorations.onBatchRestored(CHANGELOG, "view", 349, 200); // 50 of 250 offsets were no records
        assertThat(only().role()).isEqualTo(Role.RESTORING);
        Restoration restoration = Objects.requireNonNull(only().restoration());
        assertThat(restoration.total()).isEqualTo(1_000);
        assertThat(restoration.remaining()).isEqualTo(750);

        restorations.onRestoreEnd(CHANGELOG, "view", 800);
        OwnedPartition owned = held.begin(3);
        assertThat(only().role()).as("its position is not known yet").isEqualTo(Role.UNCONFIRMED);
        owned.positions().consumerAt("actions", 8);
        owned.positions().isBehind("actions", 5);
        assertThat(only().role()).isEqualTo(Role.OWNER);
        assertThat(only().position()).containsEntry("actions", 7L);
        assertThat(only().lag()).containsEntry("actions", 5L);
        assertThat(restored).hasValue(1);

        held.end(owned);
        held.copy(3).closed();
        assertThat(held.statuses()).isEmpty();
    }

    @Test
    void aCopyCatchesUp() {
        held.copy(3).opened();
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(only().behind()).isNull();
        held.copy(3).isBehind(20, true);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(only().behind()).isEqualTo(20);
        held.copy(3).isBehind(0, true);
        held.copy(3).isBehind(4, true);
        assertThat(only().role()).isEqualTo(Role.STANDBY);
        assertThat(only().behind()).isEqualTo(4);
    }

    @Test
    void otherStoresAndRestorationsThatGoElsewhereDoNotCount() {
        held.copy(3).opened();
        restorations.onRestoreStart(CHANGELOG, "api-keys", 0, 10);
        restorations.onRestoreEnd(CHANGELOG, "api-keys", 10);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        restorations.onRestoreStart(CHANGELOG, "view", 0, 10);
        restorations.onRestoreSuspended(CHANGELOG, "view", 3);
        assertThat(only().role()).isEqualTo(Role.CATCHING_UP);
        assertThat(restored).hasValue(0);
    }
}
