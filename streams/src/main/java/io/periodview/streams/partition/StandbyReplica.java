package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The local rows of a partition that another instance owns, or that is being restored here: whether they have caught up
 * with the changelog once since the store was opened, and how far behind they are. Thread-safe.
 */
public final class StandbyReplica {

    /** The changelog's consumer learns the end twice a second, unless a restoration holds it up. */
    private static final Duration MAX_OBSERVATION_AGE = Duration.ofSeconds(10);

    /** Four times as long as the brokers wait with an answer when there is nothing new. */
    private static final Duration CURRENT = Duration.ofSeconds(2);

    private final boolean isChecked;
    private boolean open;
    private boolean caughtUp;
    private boolean observed;
    private long lag;
    private long observedAt;
    private long answeredAt;
    private boolean answered;
    private int generation;
    private @Nullable Rows rows;

    /** Why the rows may not be shown; null if they may. */
    private @Nullable String problem;

    /** @param isChecked whether rows are shown only once they are known to belong to the topics */
    StandbyReplica(boolean isChecked) {
        this.isChecked = isChecked;
    }

    /**
     * What is known of the replica at one moment.
     *
     * @param generation counts how often the store was opened; rows that were read between two snapshots of the same
     *     generation are this replica's
     * @param lag changelog records that were not applied when it was last observed
     * @param isCurrent whether a broker has just said so; a replica that is cut off knows an old lag
     */
    public record Snapshot(int generation, long lag, boolean isCurrent) {

        /** Whether what is not there does not exist, as far as a standby can know. */
        public boolean isComplete() {
            return lag == 0 && isCurrent;
        }
    }

    /** The store was opened; it may be empty. */
    public synchronized void opened(Rows rows) {
        this.rows = rows;
        problem = isChecked ? Admission.UNCHECKED : null;
        generation++;
        open = true;
        caughtUp = false;
        observed = false;
        answered = false;
    }

    /** The store was closed. */
    public synchronized void closed() {
        open = false;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Whether the rows have reached the end of the changelog once since the store was opened. */
    public synchronized boolean hasCaughtUp() {
        return caughtUp;
    }

    /** What is stored, to be read while the store is open; null while it is not. */
    public synchronized @Nullable Rows rows() {
        return open ? rows : null;
    }

    /** Why the rows may not be shown, in a line for a person, or null if they may. */
    public synchronized @Nullable String problem() {
        return problem;
    }

    /** Whether a check has found that the rows may not be shown. */
    synchronized boolean isRefused() {
        return open && problem != null && !problem.equals(Admission.UNCHECKED);
    }

    /** Counts how often the store was opened. */
    public synchronized int generation() {
        return generation;
    }

    /** Takes the result of a check of the rows of a generation. */
    public synchronized void judge(int checked, @Nullable String problem) {
        if (checked == generation) {
            this.problem = problem;
        }
    }

    /** Changelog records that were not applied when it was last observed, or null if it was not since it was opened. */
    synchronized @Nullable Long lag() {
        return observed ? (Long) lag : null;
    }

    /**
     * @param records between what is applied and the end of the changelog
     * @param isAnswered whether a broker has answered since the last time
     */
    synchronized void updateLag(long records, boolean isAnswered) {
        lag = records;
        observed = true;
        observedAt = System.nanoTime();
        caughtUp = caughtUp || records == 0;
        if (isAnswered) {
            answered = true;
            answeredAt = observedAt;
        }
    }

    /** What is known, or null if the rows have not caught up yet, or nothing was observed for a while. */
    public synchronized @Nullable Snapshot snapshot() {
        long now = System.nanoTime();
        return caughtUp && problem == null && now - observedAt < MAX_OBSERVATION_AGE.toNanos()
                ? new Snapshot(generation, lag, answered && now - answeredAt < CURRENT.toNanos())
                : null;
    }
}
