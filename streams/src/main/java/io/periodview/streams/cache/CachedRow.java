package io.periodview.streams.cache;

import org.jspecify.annotations.Nullable;

/** An action's row in one hot period, without its form fields. Thread-safe. */
public final class CachedRow {

    /** What a period may put around an action: with a longer name or marker, it is rendered anew each time. */
    private static final int MAX_AROUND = 256;

    /** Of the objects. */
    private static final int OVERHEAD = 100;

    private final long createdTime;
    private final long actionId;
    private final byte[] stored;
    /** Made when it is first read. */
    private volatile byte @Nullable [] rendered;

    /** @param stored as in the store, without form fields; not to be changed */
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
        if (json.length <= stored.length + MAX_AROUND) {
            rendered = json;
        }
    }

    /** In memory, once it is rendered. */
    long bytes() {
        return 2L * stored.length + MAX_AROUND + OVERHEAD;
    }

    int compareTo(long otherTime, long otherAction) {
        return createdTime == otherTime ? Long.compare(actionId, otherAction) : Long.compare(createdTime, otherTime);
    }
}
