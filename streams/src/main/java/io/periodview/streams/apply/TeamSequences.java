package io.periodview.streams.apply;

import io.periodview.streams.store.RowFormat;
import io.periodview.streams.store.RowKeys;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * In memory are the teams that were used last. Not thread-safe.
 */
final class TeamSequences {

    /** About 200 bytes each: some 2 MB for a task, however many teams there are. */
    private static final int MAX_TEAMS = 10_000;

    /**
     * A put for every new action would cost more. A team that leaves memory, or a crash, loses what is left of a block,
     * which leaves a gap.
     */
    private static final int ACTIONS_PER_BLOCK = 100;

    private static final int ACTIONS = 1;
    private static final int PERIODS = ACTIONS + Long.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Map<Long, Team> teams;

    TeamSequences(KeyValueStore<Bytes, byte[]> store) {
        this(store, MAX_TEAMS);
    }

    TeamSequences(KeyValueStore<Bytes, byte[]> store, int maxTeams) {
        this.store = store;
        this.teams = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Team> eldest) {
                return size() > maxTeams;
            }
        };
    }

    /** The number of a new action. What uses it goes into the same batch, or a later one. */
    long nextAction(long teamId, WriteBatch batch) {
        Team team = team(teamId);
        if (team.lastAction == team.lastReserved) {
            team.lastReserved += ACTIONS_PER_BLOCK;
            put(teamId, team, batch);
        }
        return ++team.lastAction;
    }

    /** The incarnation of a new period. What uses it goes into the same batch. */
    long nextPeriod(long teamId, WriteBatch batch) {
        Team team = team(teamId);
        team.lastPeriod++;
        put(teamId, team, batch);
        return team.lastPeriod;
    }

    private static final class Team {
        long lastAction;
        long lastReserved;
        long lastPeriod;
    }

    private Team team(long teamId) {
        return teams.computeIfAbsent(teamId, this::read);
    }

    private Team read(long teamId) {
        Team team = new Team();
        byte[] row = store.get(RowKeys.sequences(teamId));
        if (row != null) {
            team.lastReserved = RowFormat.getLong(RowFormat.requireVersion(row), ACTIONS);
            team.lastAction = team.lastReserved;
            team.lastPeriod = RowFormat.getLong(row, PERIODS);
        }
        return team;
    }

    private static void put(long teamId, Team team, WriteBatch batch) {
        byte[] row = new byte[PERIODS + Long.BYTES];
        row[0] = RowFormat.VERSION;
        RowFormat.putLong(row, ACTIONS, team.lastReserved);
        RowFormat.putLong(row, PERIODS, team.lastPeriod);
        batch.put(RowKeys.sequences(teamId), row);
    }
}
