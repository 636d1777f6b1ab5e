package io.periodview.streams.state;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The numbers that a team's actions and periods get, each from 1 on and never twice. Stored is how far they are handed
 * out, actions' in blocks:
 *
 * <pre>
 * [version:1] [actions:8] [periods:8]
 * </pre>
 *
 * Not thread-safe.
 */
final class TeamNumbers {

    /**
     * A put for every new action would cost more. A team that leaves memory, or a crash, loses what is left of a block,
     * which leaves a gap.
     */
    private static final int ACTIONS_AT_ONCE = 100;

    private static final int ACTIONS = 1;
    private static final int PERIODS = ACTIONS + Long.BYTES;

    private final Bytes key;
    private long lastAction;
    private long lastReserved;
    private long lastPeriod;

    private TeamNumbers(Bytes key, long lastReserved, long lastPeriod) {
        this.key = key;
        this.lastAction = lastReserved;
        this.lastReserved = lastReserved;
        this.lastPeriod = lastPeriod;
    }

    static TeamNumbers read(KeyValueStore<Bytes, byte[]> store, long teamId) {
        Bytes key = ViewKeys.numbers(teamId);
        byte[] row = store.get(key);
        return row == null
                ? new TeamNumbers(key, 0, 0)
                : new TeamNumbers(
                        key,
                        RowLayout.getLong(RowLayout.requireVersion(row), ACTIONS),
                        RowLayout.getLong(row, PERIODS));
    }

    /** The number of a new action. What uses it goes into the same batch, or a later one. */
    long nextAction(Batch batch) {
        if (lastAction == lastReserved) {
            lastReserved += ACTIONS_AT_ONCE;
            put(batch);
        }
        return ++lastAction;
    }

    /** The incarnation of a new period. What uses it goes into the same batch. */
    long nextPeriod(Batch batch) {
        lastPeriod++;
        put(batch);
        return lastPeriod;
    }

    private void put(Batch batch) {
        byte[] row = new byte[PERIODS + Long.BYTES];
        row[0] = RowLayout.VERSION;
        RowLayout.putLong(row, ACTIONS, lastReserved);
        RowLayout.putLong(row, PERIODS, lastPeriod);
        batch.put(key, row);
    }
}
