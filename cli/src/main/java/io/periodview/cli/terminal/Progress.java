package io.periodview.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One line on the terminal that shows progress; nothing if stderr is not a terminal. One thread at a time. */
public final class Progress {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Reading the clock for every event would cost too much. */
    private static final int CALLS_BETWEEN_CLOCK_READS = 512;

    private final PrintWriter err;
    private final String noun;
    private final boolean terminal;
    private long started;
    private long shown;
    private int calls;

    /** @param noun what is counted, in the plural */
    public Progress(PrintWriter err, String noun) {
        this.err = err;
        this.noun = noun;
        this.terminal = Boolean.getBoolean("periodview.terminal"); // set by the launcher
    }

    /**
     * Called for each one done. The clock starts with the first.
     *
     * @param count how many are done
     * @param more appended, such as {@code , 12 % of events.jsonl}
     */
    public void advance(LongSupplier count, Supplier<String> more) {
        if (!terminal) {
            return;
        }
        if (calls == 0) {
            started = System.nanoTime();
            shown = started;
        }
        if (++calls % CALLS_BETWEEN_CLOCK_READS != 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - shown >= INTERVAL_NANOS) {
            shown = now;
            show(count.getAsLong(), more.get());
            err.flush();
        }
    }

    /** The final line: how many in what time. */
    public void done(long count) {
        if (terminal && count > 0) {
            show(count, String.format(Locale.ROOT, ", in %.1f s", seconds()));
            err.println();
        }
    }

    /** Clears the line for another message. */
    public void interrupted() {
        if (terminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }

    private void show(long count, String more) {
        err.printf(Locale.ROOT, "\r\033[K%,d %s, %,.0f/s%s", count, noun, count / seconds(), more);
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }
}
