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
 */
record HostedRows(
        @Nullable OwnedPartition owned,
        int generation,
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
                    new HostedRows(rows.owned, rows.generation, rows.checkpoint, rows.isEmpty, true));
        }
        return all;
    }

    /** Of one that is owned: what is being restored has its checkpoint at the end. */
    private boolean hasRowsWithoutCheckpoint() {
        return owned != null && checkpoint == null && !isEmpty;
    }

    /** Null while the store is closed. */
    static @Nullable HostedRows of(LocalPartitions hosted, int partition) {
        OwnedPartition owned = hosted.active(partition);
        StandbyReplica replica = hosted.replica(partition);
        int generation = replica.generation();
        Rows rows = replica.rows();
        if (rows == null) {
            return null;
        }
        try {
            Checkpoint current = owned == null ? null : owned.admission().current();
            Checkpoint checkpoint = current == null ? rows.checkpoint() : current;
            return new HostedRows(owned, generation, checkpoint, checkpoint == null && rows.isEmpty(), false);
        } catch (InvalidStateStoreException e) {
            return null; // closed meanwhile
        }
    }
}
