package io.periodview.streams.view;

import io.periodview.streams.owned.Live;
import io.periodview.streams.owned.LiveRows;
import io.periodview.streams.owned.Versions;
import io.periodview.streams.state.PeriodRow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What can be asked of a team. Immutable. */
public sealed interface Question {

    long teamId();

    @Nullable
    GatheredAnswer ask(ViewReader reader) throws IOException;

    /**
     * The same by the owner, who learns from it what to watch.
     *
     * @param version from before the question was asked
     */
    @Nullable
    GatheredAnswer ask(ViewReader reader, Versions versions, long version) throws IOException;

    /** What it is about, if that is in memory. */
    @Nullable
    Live live(Versions versions);

    /** The answer from memory. */
    GatheredAnswer ask(AnswerSpace space, Live live) throws IOException;

    /** The version of the answer from now on, until something changes. */
    long version(Versions versions);

    /**
     * The periods of a team that lie within a range.
     *
     * @param from earliest start, in milliseconds since the epoch, or null
     * @param until latest end, in milliseconds since the epoch, or null; an open period lies within none
     */
    record Periods(
            long teamId, @Nullable Long from, @Nullable Long until) implements Question {

        @Override
        public GatheredAnswer ask(ViewReader reader) throws IOException {
            return reader.periods(teamId, from, until);
        }

        @Override
        public long version(Versions versions) {
            return versions.ofPeriods(teamId);
        }

        @Override
        public GatheredAnswer ask(ViewReader reader, Versions versions, long version) throws IOException {
            return ask(reader);
        }

        @Override
        public @Nullable Live live(Versions versions) {
            return null;
        }

        @Override
        public GatheredAnswer ask(AnswerSpace space, Live live) {
            throw new IllegalStateException("Lists of periods are not kept");
        }
    }

    /**
     * The actions of a period.
     *
     * @param formFields null if the reader did not ask for any
     */
    record Actions(long teamId, long periodId, @Nullable FormFields formFields) implements Question {

        @Override
        public @Nullable GatheredAnswer ask(ViewReader reader) throws IOException {
            return reader.actions(teamId, periodId, formFields);
        }

        @Override
        public long version(Versions versions) {
            return versions.ofActions(teamId, periodId);
        }

        /** From here on only what happens inside the period's bounds changes its version. */
        @Override
        public @Nullable GatheredAnswer ask(ViewReader reader, Versions versions, long version) throws IOException {
            LiveRows begun = formFields == null ? versions.scanBegins(teamId, periodId) : null;
            if (begun == null) {
                PeriodRow period = versions.needsBounds(teamId, periodId) ? reader.period(teamId, periodId) : null;
                if (period != null) {
                    versions.bounds(teamId, periodId, version, period.start(), period.end());
                }
                return ask(reader);
            }
            FoundRows found = new FoundRows();
            try {
                return reader.actions(teamId, periodId, null, found);
            } finally {
                versions.scanned(teamId, periodId, begun, found.period(), found.rows());
            }
        }

        @Override
        public @Nullable Live live(Versions versions) {
            return formFields == null ? versions.live(teamId, periodId) : null;
        }

        @Override
        public GatheredAnswer ask(AnswerSpace space, Live live) throws IOException {
            return ViewReader.actions(space, periodId, live);
        }
    }
}
