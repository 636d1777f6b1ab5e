package io.periodview.api.cli.produce;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One line on the terminal that tells how far it is; nothing where stderr is none. One thread at a time. */
final class Progress {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Looking at the clock for every event would cost more than it tells. */
    private static final int EVENTS_BETWEEN_LOOKS = 512;

    private final PrintWriter err;
    private final boolean terminal;
    private long started;
    private long shown;
    private int events;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Called after every event that was handed on. The clock starts with the first. */
    void advance(EventSender sender, EventInput input) {
        if (!terminal) {
            return;
        }
        if (events == 0) {
            started = System.nanoTime();
            shown = started;
        }
        if (++events % EVENTS_BETWEEN_LOOKS != 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - shown >= INTERVAL_NANOS) {
            shown = now;
            double share = input.shareRead();
            String percent = share < 0 ? "" : String.format(Locale.ROOT, ", %.0f %% of %s", share * 100, input.name());
            show(sender.acknowledged(), percent);
            err.flush();
        }
    }

    /** The last word: how many events in what time. */
    void done(long count) {
        if (terminal && count > 0) {
            show(count, String.format(Locale.ROOT, ", in %.1f s", seconds()));
            err.println();
        }
    }

    /** Frees the line for another message. */
    void interrupted() {
        if (terminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }

    private void show(long count, String more) {
        err.printf(Locale.ROOT, "\r\033[K%,d events, %,.0f/s%s", count, count / seconds(), more);
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }
}
