package io.periodview.streams.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A limit of how much is done at the same time, of which no team can take all: whoever comes later finds a place, however
 * many one team has taken. Thread-safe.
 */
public final class SharedPlaces {

    private final int max;
    private final int maxOfTeam;
    private final Map<Long, Integer> taken = new HashMap<>();
    private int all;

    /**
     * @param max of all teams together
     * @param maxOfTeam of each of them
     */
    public SharedPlaces(int max, int maxOfTeam) {
        this.max = max;
        this.maxOfTeam = maxOfTeam;
    }

    /** One that is taken until it is closed. */
    public interface Place extends AutoCloseable {

        @Override
        void close();
    }

    /** Null if there is none for the team now. */
    public synchronized @Nullable Place tryEnter(long team) {
        int ofTeam = taken.getOrDefault(team, 0);
        if (all == max || ofTeam == maxOfTeam) {
            return null;
        }
        taken.put(team, ofTeam + 1);
        all++;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                leave(team);
            }
        };
    }

    private synchronized void leave(long team) {
        all--;
        taken.computeIfPresent(team, (unused, count) -> count == 1 ? null : count - 1);
    }

    /** How many are taken. */
    public synchronized int taken() {
        return all;
    }
}
