package io.periodview.streams.state;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The numbers of the teams in memory, read when first needed; the least recently used leave. Not thread-safe. */
final class Teams {

    /** About 200 bytes each: some 2 MB for a task, however many teams there are. */
    private static final int MOST = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Map<Long, TeamNumbers> teams;

    Teams(KeyValueStore<Bytes, byte[]> store) {
        this(store, MOST);
    }

    Teams(KeyValueStore<Bytes, byte[]> store, int most) {
        this.store = store;
        this.teams = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, TeamNumbers> eldest) {
                return size() > most;
            }
        };
    }

    TeamNumbers get(long teamId) {
        return teams.computeIfAbsent(teamId, id -> TeamNumbers.read(store, id));
    }
}
