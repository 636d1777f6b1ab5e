package io.periodview.streams.owned;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The local rows of a partition that another instance owns, or that is being restored here: whether they were whole once
 * since the store was opened, and how far behind they are. Thread-safe.
 */
public final class Copy {

    /** The changelog's consumer hears of its end twice a second, unless it is held up by a restoration. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private boolean whole;
    private long lag;
    private long lookedAt;
    private int openings;

    /**
     * What is known of the copy at one moment.
     *
     * @param opening of the store; rows that were read between two looks at the same opening are this copy's
     * @param lag changelog records that were not applied at the last look
     */
    public record Look(int opening, long lag) {}

    /** The store begins anew; it may be empty. */
    public synchronized void opened() {
        openings++;
        whole = false;
    }

    /** @param behind records between what is applied and the end of the changelog */
    synchronized void isBehind(long behind) {
        lag = behind;
        lookedAt = System.nanoTime();
        whole = whole || behind == 0;
    }

    /** What is known, or null if the rows were not whole yet, or nobody has looked for a while. */
    public synchronized @Nullable Look look() {
        boolean known = whole && System.nanoTime() - lookedAt < TimeUnit.SECONDS.toNanos(LONGEST_SILENCE.toSeconds());
        return known ? new Look(openings, lag) : null;
    }
}
