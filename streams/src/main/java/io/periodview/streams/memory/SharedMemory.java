package io.periodview.streams.memory;

import java.util.HashMap;
import java.util.Map;

/** A limit of bytes of which no team can take all. Thread-safe. */
public final class SharedMemory {

    /** What is of no team: it has all that is left. */
    public static final long NO_TEAM = 0;

    private final long max;
    private final long maxOfTeam;
    private final Map<Long, Long> ofTeams = new HashMap<>();
    private long used;

    /**
     * @param max of all teams together
     * @param maxOfTeam of each of them
     */
    public SharedMemory(long max, long maxOfTeam) {
        this.max = max;
        this.maxOfTeam = maxOfTeam;
    }

    /** Takes the bytes if there is room for them. Who got them gives them back with {@link #release}. */
    public synchronized boolean tryReserve(long team, long bytes) {
        long ofTeam = ofTeams.getOrDefault(team, 0L) + bytes;
        if (used + bytes > max || team != NO_TEAM && ofTeam > maxOfTeam) {
            return false;
        }
        ofTeams.put(team, ofTeam);
        used += bytes;
        return true;
    }

    public synchronized void release(long team, long bytes) {
        used -= bytes;
        ofTeams.computeIfPresent(team, (unused, ofTeam) -> ofTeam == bytes ? null : Long.valueOf(ofTeam - bytes));
    }

    public synchronized long used() {
        return used;
    }

    public long max() {
        return max;
    }
}
