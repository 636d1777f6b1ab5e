package io.periodview.streams.view;

import io.periodview.streams.owned.Versions;
import io.periodview.streams.state.PeriodRow;
import io.periodview.streams.state.ViewKeys;
import java.io.IOException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** What can be asked of a team. Immutable. */
public sealed interface Question {

    long teamId();

    @Nullable
    GatheredAnswer ask(ViewReader reader) throws IOException;

    /** The version of the answer from now on, until something changes. */
    long version(Versions versions);

    /** @param version from before the question was asked */
    void answered(Versions versions, long version, ReadOnlyKeyValueStore<Bytes, byte[]> rows);

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
        public void answered(Versions versions, long version, ReadOnlyKeyValueStore<Bytes, byte[]> rows) {}
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
        public void answered(Versions versions, long version, ReadOnlyKeyValueStore<Bytes, byte[]> rows) {
            if (versions.needsBounds(teamId, periodId)) {
                byte[] row = rows.get(ViewKeys.period(teamId, periodId));
                if (row != null) {
                    PeriodRow period = PeriodRow.of(row);
                    versions.bounds(teamId, periodId, version, period.start(), period.end());
                }
            }
        }
    }
}
