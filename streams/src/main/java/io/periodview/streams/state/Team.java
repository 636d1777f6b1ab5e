package io.periodview.streams.state;

import io.periodview.streams.rules.PeriodIndex;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What the writer keeps in memory of a team between events: its periods' timeframes, and numbers it may hand out. All of
 * it can be read anew from the store. Not thread-safe.
 */
final class Team {

    /**
     * How many numbers are set aside at once. A team that leaves memory loses what is left of them, which leaves a gap;
     * a put for every new number would cost more.
     */
    private static final int RESERVED_AT_ONCE = 1_000;

    private final Bytes sequenceKey;
    private PeriodIndex periods;
    private long lastNumber;
    private long lastReserved;

    private Team(Bytes sequenceKey, PeriodIndex periods, long lastReserved) {
        this.sequenceKey = sequenceKey;
        this.periods = periods;
        this.lastNumber = lastReserved;
        this.lastReserved = lastReserved;
    }

    static Team read(KeyValueStore<Bytes, byte[]> store, long teamId) {
        ViewKeys.Range range = ViewKeys.periods(teamId);
        List<PeriodIndex.Span> spans = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
            rows.forEachRemaining(row -> spans.add(PeriodRow.of(row.value).span(ViewKeys.periodIdOf(row.key))));
        }
        Bytes sequenceKey = ViewKeys.sequence(teamId);
        byte[] sequence = store.get(sequenceKey);
        return new Team(sequenceKey, PeriodIndex.of(spans), sequence == null ? 0 : LongRow.decode(sequence));
    }

    PeriodIndex periods() {
        return periods;
    }

    void periodsAre(PeriodIndex changed) {
        periods = changed;
    }

    /**
     * A number that the team never had: a periodActionId or an incarnation. Whatever uses it goes into the same batch,
     * or a later one.
     */
    long nextNumber(Batch batch) {
        if (lastNumber == lastReserved) {
            lastReserved += RESERVED_AT_ONCE;
            batch.put(sequenceKey, LongRow.encode(lastReserved));
        }
        return ++lastNumber;
    }
}
