package io.periodview.streams.owned;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A number for every period, and every team's list of them, that changes whenever what is shown of it may have. Only what
 * was read is watched, so an event of a team that nobody reads costs a look into a map. Thread-safe.
 *
 * <p>A version changes before a change is written and after; a reader takes the version before it reads. So a version
 * never stands for two states: one that was taken before a change is gone when the change can be seen, and one that
 * was taken while it was written, which may take long when the brokers are away, is never given again.
 *
 * <p>Periods that are read while they change are also kept {@link Live live}: who is told of a change has its row.
 */
public final class Versions {

    /** Periods and teams that are watched, about 100 bytes each. One more, and all are read anew once. */
    private static final int MOST = 20_000;

    /** The teams of the changes that are being written: what is read of them now has a version of its own each time. */
    private volatile Set<Long> changing = Set.of();

    /** Never goes back, so that a version that was forgotten is never given again. */
    private final AtomicLong last = new AtomicLong();

    private final AtomicInteger watched = new AtomicInteger();
    private final Map<Long, TeamVersions> teams = new ConcurrentHashMap<>();
    private final LiveSpace space;

    public Versions(LiveSpace space) {
        this.space = space;
    }

    /**
     * Writes changes, which readers come to see at once. If that fails, the partition is no longer owned, and nobody knows
     * what can be seen.
     *
     * @param changes by team
     */
    public void change(Map<Long, List<Changed>> changes, Runnable write) {
        changing = changes.keySet();
        changes.forEach((teamId, ofTeam) -> tell(teamId, team -> team.changes(ofTeam)));
        write.run();
        changes.forEach(
                (teamId, ofTeam) -> tell(teamId, team -> team.changed(ofTeam))); // also who was not watched before
        changing = Set.of();
    }

    private void tell(long teamId, Consumer<TeamVersions> change) {
        TeamVersions team = teams.get(teamId);
        if (team != null) {
            change.accept(team);
        }
    }

    /** The period and its actions, if they are kept in memory, and nothing of the team is being written. */
    public @Nullable Live live(long teamId, long periodId) {
        TeamVersions team = changing.contains(teamId) ? null : teams.get(teamId);
        return team == null ? null : team.live(periodId);
    }

    /**
     * Somebody is about to read a period's rows from the store.
     *
     * @return what is to be told of them, by {@link #scanned}, whatever happens; null if they are not to be kept
     */
    public @Nullable LiveRows scanBegins(long teamId, long periodId) {
        TeamVersions team = teams.get(teamId);
        return team == null ? null : team.scanBegins(periodId);
    }

    /**
     * @param begun what {@link #scanBegins} gave
     * @param periodRow the period's row as it was when they were read
     * @param rows all of them in order, or null if they could not be read, or are too many
     */
    public void scanned(long teamId, long periodId, LiveRows begun, byte[] periodRow, @Nullable List<LiveRow> rows) {
        TeamVersions team = teams.get(teamId);
        if (team != null) {
            team.scanned(periodId, begun, periodRow, rows);
        }
    }

    /** Nobody asks any more. */
    void end() {
        forgetAll();
    }

    /** The version of a team's list of periods, watched from now on. */
    public long ofPeriods(long teamId) {
        long version = team(teamId).ofPeriods();
        return changing.contains(teamId) ? last.incrementAndGet() : version;
    }

    /** The version of a period's actions, watched from now on. */
    public long ofActions(long teamId, long periodId) {
        long version = team(teamId).ofActions(periodId);
        return changing.contains(teamId) ? last.incrementAndGet() : version;
    }

    /** Whether every action's change is taken for a change of this period, because its bounds are not known. */
    public boolean needsBounds(long teamId, long periodId) {
        TeamVersions team = teams.get(teamId);
        return team != null && team.needsBounds(periodId);
    }

    /**
     * Tells a period's bounds, as they were read while the period had this version or a later one.
     *
     * @param version from before they were read
     */
    public void bounds(long teamId, long periodId, long version, long start, long end) {
        TeamVersions team = teams.get(teamId);
        if (team != null) {
            team.bounds(periodId, version, start, end);
        }
    }

    private TeamVersions team(long teamId) {
        @Nullable TeamVersions known = teams.get(teamId);
        if (known != null) {
            return known;
        }
        // Not computeIfAbsent: counting may clear the map, and two who do so inside it wait for each other for ever.
        TeamVersions watched = new TeamVersions(last, space, this::count);
        @Nullable TeamVersions before = teams.putIfAbsent(teamId, watched);
        return before == null ? watched : before;
    }

    private void count() {
        if (watched.incrementAndGet() > MOST) {
            watched.set(0);
            forgetAll();
        }
    }

    private void forgetAll() {
        teams.values().removeIf(team -> {
            team.dropLive();
            return true;
        });
    }
}
