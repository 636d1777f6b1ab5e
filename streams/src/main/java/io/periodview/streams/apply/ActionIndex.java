package io.periodview.streams.apply;

import io.periodview.streams.store.ActionIndexRow;
import io.periodview.streams.store.RowKeys;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the row of an action by its id. Those that changed last are in memory: an action changes a few times soon after it
 * was created, and a read of the store each time would cost as much as its parsing. A direct-mapped cache: each action has
 * one slot, and leaves it to the next that has the same. Not thread-safe.
 */
final class ActionIndex {

    /** A megabyte for a task. */
    private static final int SLOT_BITS = 15;

    private static final int TEAM = 0;
    private static final int ACTION = 1;
    private static final int CREATED_TIME = 2;
    private static final int NUMBER = 3;
    private static final int WIDTH = 4;

    private final KeyValueStore<Bytes, byte[]> store;

    /** Of each slot its team, action, createdTime and number; no team is zero. */
    private final long[] slots;

    private final int slotBits;

    ActionIndex(KeyValueStore<Bytes, byte[]> store) {
        this(store, SLOT_BITS);
    }

    /** @param slotBits one for two slots, and so on */
    ActionIndex(KeyValueStore<Bytes, byte[]> store, int slotBits) {
        this.store = store;
        this.slotBits = slotBits;
        this.slots = new long[WIDTH << slotBits];
    }

    /** Null if the team has no such action. */
    @Nullable
    ActionIndexRow get(long teamId, long actionId) {
        int slot = slot(teamId, actionId);
        if (slots[slot + TEAM] == teamId && slots[slot + ACTION] == actionId) {
            return new ActionIndexRow(slots[slot + CREATED_TIME], slots[slot + NUMBER]);
        }
        byte[] stored = store.get(RowKeys.action(teamId, actionId));
        if (stored == null) {
            return null;
        }
        ActionIndexRow row = ActionIndexRow.decode(stored);
        keep(slot, teamId, actionId, row);
        return row;
    }

    /** With the batch, which is written before anything else is asked, or never and this is given up. */
    void put(long teamId, long actionId, ActionIndexRow row, WriteBatch batch) {
        batch.put(RowKeys.action(teamId, actionId), row.encode());
        keep(slot(teamId, actionId), teamId, actionId, row);
    }

    void delete(long teamId, long actionId, WriteBatch batch) {
        batch.delete(RowKeys.action(teamId, actionId));
        int slot = slot(teamId, actionId);
        if (slots[slot + TEAM] == teamId && slots[slot + ACTION] == actionId) {
            Arrays.fill(slots, slot, slot + WIDTH, 0);
        }
    }

    private void keep(int slot, long teamId, long actionId, ActionIndexRow row) {
        slots[slot + TEAM] = teamId;
        slots[slot + ACTION] = actionId;
        slots[slot + CREATED_TIME] = row.createdTime();
        slots[slot + NUMBER] = row.number();
    }

    private int slot(long teamId, long actionId) {
        // Fibonacci hashing: ids that follow each other, of teams that do, are spread over all slots.
        long hash = (teamId * 31 + actionId) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> (Long.SIZE - slotBits)) * WIDTH;
    }
}
