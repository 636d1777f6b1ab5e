package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import org.jspecify.annotations.Nullable;

/** An empty store. */
record NoRows() implements Rows {

    @Override
    public @Nullable Checkpoint checkpoint() {
        return null;
    }

    @Override
    public boolean isEmpty() {
        return true;
    }

    @Override
    public boolean isOfOlderVersion() {
        return false;
    }
}
