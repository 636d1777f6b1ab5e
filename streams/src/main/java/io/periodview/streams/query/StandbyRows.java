package io.periodview.streams.query;

import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import io.periodview.streams.partition.StandbyReplica;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Local rows that may be shown if it is said that they may be old. Thread-safe.
 *
 * @param lag how much was not applied when that was last observed
 * @param isComplete whether what is not there does not exist, as far as a standby can know
 * @param areStillThere to be asked after they were read: whether they were the same all the time
 */
record StandbyRows(long lag, boolean isComplete, BooleanSupplier areStillThere) {

    /** A standby's, or those of an owner that is cut off from the brokers; null if there are none. */
    static @Nullable StandbyRows of(int partition, LocalPartitions partitions) {
        OwnedPartition owned = partitions.cutOff(partition);
        if (owned != null) {
            // What it does not have may have been published since.
            return new StandbyRows(lag(owned), false, owned::isOpen);
        }
        StandbyReplica.Snapshot before = partitions.replica(partition).snapshot();
        return before == null
                ? null
                : new StandbyRows(before.lag(), before.isComplete(), () -> {
                    StandbyReplica.Snapshot after =
                            partitions.replica(partition).snapshot();
                    return after != null && after.generation() == before.generation();
                });
    }

    /** An owner is ahead of the changelog; what it lacks is events. */
    private static long lag(OwnedPartition owned) {
        return owned.offsets().lag().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
