package io.periodview.streams.owned;

import org.jspecify.annotations.Nullable;

/** An action's row in one period that is kept live. Thread-safe. */
public final class LiveRow {

    private final long createdTime;
    private final long actionId;
    private final byte[] stored;
    /** Made when it is first read. */
    private volatile byte @Nullable [] served;

    /** @param stored as in the store; not to be changed */
    public LiveRow(long createdTime, long actionId, byte[] stored) {
        this.createdTime = createdTime;
        this.actionId = actionId;
        this.stored = stored;
    }

    public long createdTime() {
        return createdTime;
    }

    public long actionId() {
        return actionId;
    }

    public byte[] stored() {
        return stored;
    }

    /** What the period shows of it, or null if nobody has read it yet. */
    public byte @Nullable [] served() {
        return served;
    }

    public void served(byte[] bytes) {
        served = bytes;
    }

    /** The same row for another period, which shows it in its own way. */
    LiveRow copy() {
        return new LiveRow(createdTime, actionId, stored);
    }

    /** In memory, once it is served. */
    long bytes() {
        return 2L * stored.length + 100;
    }

    int compareTo(long otherTime, long otherAction) {
        return createdTime == otherTime ? Long.compare(actionId, otherAction) : Long.compare(createdTime, otherTime);
    }
}
