package io.periodview.streams.state;

import io.periodview.streams.rules.PeriodIndex;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The teams in memory, read when first needed; the least recently used leave when there are too many periods. */
final class Teams {

    /** About 80 bytes each: at most some 16 MB for a task, however many teams and periods there are. */
    private static final int MOST_PERIODS = 200_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final int mostPeriods;
    private final Map<Long, Team> teams = new LinkedHashMap<>(16, 0.75f, true);
    private int periods;

    Teams(KeyValueStore<Bytes, byte[]> store) {
        this(store, MOST_PERIODS);
    }

    Teams(KeyValueStore<Bytes, byte[]> store, int mostPeriods) {
        this.store = store;
        this.mostPeriods = mostPeriods;
    }

    Team get(long teamId) {
        Team team = teams.get(teamId);
        if (team == null) {
            team = Team.read(store, teamId);
            teams.put(teamId, team);
            periods += weight(team);
            makeRoom(team);
        }
        return team;
    }

    /** Makes the change known that a period of the team appeared, moved or went. */
    void periodsAre(Team team, PeriodIndex changed) {
        periods -= weight(team);
        team.periodsAre(changed);
        periods += weight(team);
        makeRoom(team);
    }

    private void makeRoom(Team inUse) {
        Iterator<Team> eldestFirst = teams.values().iterator();
        while (periods > mostPeriods && eldestFirst.hasNext()) {
            Team eldest = eldestFirst.next();
            if (eldest != inUse) {
                periods -= weight(eldest);
                eldestFirst.remove();
            }
        }
    }

    /** A team without periods takes room too. */
    private static int weight(Team team) {
        return 1 + team.periods().size();
    }
}
