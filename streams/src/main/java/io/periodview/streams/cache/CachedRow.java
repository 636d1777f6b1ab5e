package io.periodview.streams.cache;

import org.jspecify.annotations.Nullable;

/** An action's row in one hot period. Thread-safe. */
public final class CachedRow {

    private final long createdTime;
    private final long actionId;
    private final byte[] stored;
    /** Made when it is first read. */
    private volatile byte @Nullable [] rendered;

    /** @param stored as in the store; not to be changed */
    CachedRow(long createdTime, long actionId, byte[] stored) {
        this.createdTime = createdTime;
        this.actionId = actionId;
        this.stored = stored;
    }

    public long createdTime() {
        return createdTime;
    }

    public byte[] stored() {
        return stored;
    }

    /** The action's JSON in this period, or null if nobody has read it yet. */
    public byte @Nullable [] rendered() {
        return rendered;
    }

    public void rendered(byte[] json) {
        rendered = json;
    }

    /** In memory, once it is rendered. */
    long bytes() {
        return 2L * stored.length + 100;
    }

    int compareTo(long otherTime, long otherAction) {
        return createdTime == otherTime ? Long.compare(actionId, otherAction) : Long.compare(createdTime, otherTime);
    }
}
