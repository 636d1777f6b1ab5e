package io.periodview.cli.deadletters;

import io.periodview.topics.RecordOffset;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints the outcome of each dead letter, and counts them. One thread at a time. */
final class ReplayReport {

    private final StdoutWriter out;
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

    /** What became of a dead letter. */
    enum Outcome {
        SENT,
        SUPERSEDED,
        IMPOSSIBLE,
        FAILED
    }

    ReplayReport(StdoutWriter out) {
        this.out = out;
    }

    void add(RecordOffset place, byte @Nullable [] key, Outcome outcome, String explanation) {
        counts.merge(outcome, 1, Integer::sum);
        out.print(String.format(Locale.ROOT, "%-18s  %-14s  %s", place, TextLetterFormatter.key(key), explanation));
    }

    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    void printTotals(boolean dryRun) {
        out.print(count(Outcome.SENT) + (dryRun ? " would be sent, " : " sent, ") + count(Outcome.SUPERSEDED)
                + " superseded, " + count(Outcome.IMPOSSIBLE) + " not replayable, " + count(Outcome.FAILED)
                + " failed");
    }
}
