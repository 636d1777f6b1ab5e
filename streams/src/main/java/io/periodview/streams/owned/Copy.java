package io.periodview.streams.owned;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The local rows of a partition that another instance owns, or that is being restored here: whether they were whole once
 * since the store was opened, and how far behind they are. Thread-safe.
 */
public final class Copy {

    /** The changelog's consumer hears of its end twice a second, unless it is held up by a restoration. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    /** Four times as long as the brokers wait with an answer when there is nothing new. */
    private static final Duration CURRENT = Duration.ofSeconds(2);

    private boolean open;
    private boolean whole;
    private boolean known;
    private long lag;
    private long lookedAt;
    private long heardAt;
    private boolean heard;
    private int openings;

    /**
     * What is known of the copy at one moment.
     *
     * @param opening of the store; rows that were read between two looks at the same opening are this copy's
     * @param lag changelog records that were not applied at the last look
     * @param isCurrent whether a broker has just said so; one that is cut off knows its lag of before
     */
    public record Look(int opening, long lag, boolean isCurrent) {

        /** Whether what is not there does not exist, as far as a copy can know. */
        public boolean isComplete() {
            return lag == 0 && isCurrent;
        }
    }

    /** The store begins anew; it may be empty. */
    public synchronized void opened() {
        openings++;
        open = true;
        whole = false;
        known = false;
        heard = false;
    }

    /** The store is given up. */
    public synchronized void closed() {
        open = false;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Changelog records that were not applied at the last look, or null if there was none since it was opened. */
    synchronized @Nullable Long behind() {
        return known ? (Long) lag : null;
    }

    /**
     * @param behind records between what is applied and the end of the changelog
     * @param answered whether a broker has answered since the last time
     */
    synchronized void isBehind(long behind, boolean answered) {
        lag = behind;
        known = true;
        lookedAt = System.nanoTime();
        whole = whole || behind == 0;
        if (answered) {
            heard = true;
            heardAt = lookedAt;
        }
    }

    /** What is known, or null if the rows were not whole yet, or nobody has looked for a while. */
    public synchronized @Nullable Look look() {
        long now = System.nanoTime();
        return whole && now - lookedAt < LONGEST_SILENCE.toNanos()
                ? new Look(openings, lag, heard && now - heardAt < CURRENT.toNanos())
                : null;
    }
}
