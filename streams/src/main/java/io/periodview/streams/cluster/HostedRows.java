package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import io.periodview.streams.partition.StandbyReplica;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a partition that is hosted here say of themselves, at one moment. Immutable.
 *
 * @param owned by whom, if this instance owns it
 * @param generation of the replica
 * @param isWhole whether it has reached the end of the changelog: until then the checkpoint may be missing
 */
record HostedRows(
        @Nullable OwnedPartition owned,
        int generation,
        boolean isWhole,
        @Nullable Checkpoint checkpoint,
        boolean isEmpty,
        boolean isOfOlderVersion)
        implements Rows {

    /** All that can be read now, by partition. */
    static Map<Integer, HostedRows> of(LocalPartitions hosted) {
        Map<Integer, HostedRows> all = new HashMap<>();
        for (int partition : hosted.stored()) {
            HostedRows rows = of(hosted, partition);
            if (rows != null) {
                all.put(partition, rows);
            }
        }
        if (all.values().stream().anyMatch(HostedRows::hasRowsWithoutCheckpoint)) {
            all.replaceAll((partition, rows) ->
                    new HostedRows(rows.owned, rows.generation, rows.isWhole, rows.checkpoint, rows.isEmpty, true));
        }
        return all;
    }

    private boolean hasRowsWithoutCheckpoint() {
        return isWhole && checkpoint == null && !isEmpty;
    }

    /** Null while the store is closed. */
    static @Nullable HostedRows of(LocalPartitions hosted, int partition) {
        OwnedPartition owned = hosted.active(partition);
        StandbyReplica replica = hosted.replica(partition);
        int generation = replica.generation();
        boolean isWhole = owned != null || replica.hasCaughtUp();
        Rows rows = replica.rows();
        if (rows == null) {
            return null;
        }
        if (!isWhole) {
            // Not read: the thread that restores it could not cope with what a reader finds to be damaged.
            return new HostedRows(null, generation, false, null, true, false);
        }
        try {
            Checkpoint current = owned == null ? null : owned.admission().current();
            Checkpoint checkpoint = current == null ? rows.checkpoint() : current;
            return new HostedRows(owned, generation, isWhole, checkpoint, checkpoint == null && rows.isEmpty(), false);
        } catch (InvalidStateStoreException e) {
            return null; // closed meanwhile
        }
    }
}
