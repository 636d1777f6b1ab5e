package io.periodview.streams.cache;

import io.periodview.streams.memory.MemoryBudget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What readers of a partition may reuse: a version of every period, and of every team's list of them, that changes whenever
 * what is shown of it may have changed; and the rows of periods that are read again and again while they change. Only what
 * was read is tracked, so an event of a team that nobody reads costs a look into a map. Thread-safe.
 *
 * <p>A version never stands for two states. It changes before a change is written and again after; a reader takes it before
 * it reads. So a version that was taken before a change is gone when the change can be seen, and one that was taken while
 * a change was being written, which may take long when the brokers are away, is never given again.
 *
 * <p>Cached rows belong to the version that they come with: both change together, under the team's lock, when a change has
 * been written. While it is being written there are none.
 */
public final class ReadCache {

    /** Periods and teams that are tracked, about 100 bytes each. One more, and all are forgotten: ten teams at their limit. */
    private static final int MAX_TRACKED = 20_000;

    /** The teams whose changes are being written: a reader of them now gets a version of its own. */
    private volatile Set<Long> writing = Set.of();

    /** Never goes back, so that a version that was forgotten is never given again. */
    private final AtomicLong lastVersion = new AtomicLong();

    private final AtomicInteger tracked = new AtomicInteger();
    private final Map<Long, TeamCache> teams = new ConcurrentHashMap<>();
    private final MemoryBudget memory;
    private volatile boolean closed;

    /**
     * What is known of a period, or of a team's list of periods.
     *
     * @param version of what is shown, until something changes
     * @param rows of the period at that version, if they are in memory
     */
    public record Entry(long version, HotPeriod.@Nullable Snapshot rows) {}

    /** @param memory for the rows of hot periods */
    public ReadCache(MemoryBudget memory) {
        this.memory = memory;
    }

    /**
     * Writes changes, which readers come to see at once. If that fails, the partition is no longer owned, and nobody knows
     * what can be seen.
     *
     * @param changes by team
     */
    public void write(Map<Long, List<RowChange>> changes, Runnable write) {
        writing = changes.keySet();
        changes.forEach((teamId, ofTeam) -> {
            TeamCache team = teams.get(teamId);
            if (team != null) {
                team.invalidate(ofTeam);
            }
        });
        write.run();
        changes.forEach((teamId, ofTeam) -> {
            TeamCache team = teams.get(teamId); // perhaps not tracked before
            if (team != null) {
                team.apply(ofTeam);
            }
        });
        writing = Set.of();
    }

    /** A team's list of periods, tracked from now on. */
    public Entry periods(long teamId) {
        return current(teamId, team(teamId).periods());
    }

    /**
     * A period and its actions, tracked from now on.
     *
     * @param wantsRows whether cached rows are of use to the reader
     */
    public Entry period(long teamId, long periodId, boolean wantsRows) {
        return current(teamId, team(teamId).period(periodId, wantsRows));
    }

    /**
     * There is no such period. What does not exist is not tracked: there is no end to it.
     *
     * @param version from before it was looked for
     */
    public void forget(long teamId, long periodId, long version) {
        TeamCache team = teams.get(teamId);
        if (team != null) {
            team.forget(periodId, version);
        }
    }

    /** Looked at after the entry was taken, as the write may have begun before the team was tracked. */
    private Entry current(long teamId, Entry entry) {
        return writing.contains(teamId) ? new Entry(lastVersion.incrementAndGet(), null) : entry;
    }

    /**
     * The caller is about to read a period's rows from the store. From the bounds that it reports on, only what happens
     * within them changes the period's version; its rows are kept if the period is read often.
     *
     * @param version from before it reads
     * @param wantsRows whether cached rows are of use to such a reader
     */
    public Scan scan(long teamId, long periodId, long version, boolean wantsRows) {
        TeamCache team = closed ? null : teams.get(teamId);
        return team == null ? Scan.NONE : team.scan(periodId, version, wantsRows);
    }

    /** Nothing is cached any more. */
    public void close() {
        closed = true;
        forgetAll();
    }

    private TeamCache team(long teamId) {
        @Nullable TeamCache known = teams.get(teamId);
        if (known != null) {
            return known;
        }
        TeamCache added = new TeamCache(lastVersion, memory, this::count);
        @Nullable TeamCache before = teams.putIfAbsent(teamId, added);
        if (before != null) {
            return before;
        }
        count(1); // under no lock: it may forget all teams
        return added;
    }

    private void count(int more) {
        if (tracked.addAndGet(more) > MAX_TRACKED) {
            forgetAll();
        }
    }

    private void forgetAll() {
        teams.values().removeIf(team -> {
            tracked.addAndGet(-team.forget());
            return true;
        });
    }
}
