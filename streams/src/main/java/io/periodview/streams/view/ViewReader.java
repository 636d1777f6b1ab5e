package io.periodview.streams.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.rules.Markers;
import io.periodview.streams.rules.PeriodActionIds;
import io.periodview.streams.state.ActionRow;
import io.periodview.streams.state.PeriodRow;
import io.periodview.streams.state.ViewKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers out of one store. Splices stored bytes: nothing is parsed, and there is no object per field.
 * Thread-safe, while a writer writes.
 */
public final class ViewReader {

    private static final byte[] ACTIONS = "{\"actions\":[".getBytes(UTF_8);
    private static final byte[] PERIODS = "{\"periods\":[".getBytes(UTF_8);
    private static final byte[] NOTES = "],\"notes\":[".getBytes(UTF_8);
    private static final byte[] END = "]}".getBytes(UTF_8);
    private static final byte[] NO_MARKER = "null".getBytes(UTF_8);

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final AnswerSpace space;

    public ViewReader(ReadOnlyKeyValueStore<Bytes, byte[]> store, AnswerSpace space) {
        this.store = store;
        this.space = space;
    }

    /**
     * The periods of a team that lie within a range, ordered by start, then id.
     *
     * @param from earliest start, in milliseconds since the epoch, or null
     * @param until latest end, in milliseconds since the epoch, or null; an open period lies within none
     */
    public GatheredAnswer periods(long teamId, @Nullable Long from, @Nullable Long until) throws IOException {
        List<Listed> periods = new ArrayList<>();
        ViewKeys.Range range = ViewKeys.periods(teamId);
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
            while (rows.hasNext()) {
                PeriodRow period = PeriodRow.of(rows.next().value);
                if ((from == null || from <= period.start()) && (until == null || period.end() <= until)) {
                    periods.add(new Listed(period.start(), period.served()));
                }
            }
        }
        periods.sort(Comparator.comparingLong(Listed::start)); // stable, and the rows come by id
        return whole(answer -> {
            answer.write(PERIODS);
            for (Listed period : periods) {
                if (answer.rows() > 0) {
                    answer.write(',');
                }
                answer.countRow();
                answer.write(period.served());
            }
            answer.write(END);
        });
    }

    private record Listed(long start, byte[] served) {}

    /**
     * The actions of a period, ordered by createdTime, then actionId, or null if the team has no such period.
     *
     * @param formFields null if the reader did not ask for any
     */
    public @Nullable GatheredAnswer actions(long teamId, long periodId, @Nullable FormFields formFields)
            throws IOException {
        Bytes periodKey = ViewKeys.period(teamId, periodId);
        byte[] stored = store.get(periodKey);
        while (stored != null) {
            PeriodRow period = PeriodRow.of(stored);
            ViewKeys.Range range = ViewKeys.rows(teamId, period.start(), period.end());
            try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
                // RocksDB's iterator shows the moment of its creation, which a queried store puts off until it is first
                // asked. If the period is still the same revision of itself after that, it was so at that moment.
                boolean unused = rows.hasNext();
                byte[] after = store.get(periodKey);
                if (period.isSameAs(after)) {
                    return whole(answer -> write(answer, periodId, period, rows, formFields));
                }
                stored = after;
            }
        }
        return null;
    }

    private void write(
            GatheredAnswer answer,
            long periodId,
            PeriodRow period,
            KeyValueIterator<Bytes, byte[]> rows,
            @Nullable FormFields formFields)
            throws IOException {
        PeriodActionIds ids = new PeriodActionIds(period.incarnation());
        long[] markerTimestamps = period.markerTimestamps();
        List<byte[]> markerNames = period.markerNames();
        byte[] prefix = prefix(periodId, period);
        try (GatheredAnswer notes = space.newAnswer()) {
            answer.write(ACTIONS);
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> next = rows.next();
                ActionRow row = ActionRow.of(next.value);
                if (answer.rows() > 0) {
                    answer.write(',');
                }
                answer.countRow();
                int marker = Markers.lastAtOrBefore(markerTimestamps, ViewKeys.createdTimeOf(next.key));
                answer.write(prefix);
                answer.write(ids.of(row.number()));
                answer.write(',');
                answer.write(row.bytes(), row.head(), row.lengthOf(row.head()));
                answer.write(marker == Markers.NONE ? NO_MARKER : markerNames.get(marker));
                answer.write(row.bytes(), row.tail(), row.lengthOf(row.tail()));
                if (formFields != null) {
                    formFields.write(answer, notes, ViewKeys.actionIdOf(next.key), row);
                }
                answer.write('}');
            }
            if (notes.rows() > 0) {
                answer.write(NOTES);
                answer.append(notes);
            }
            answer.write(END);
        }
    }

    private static byte[] prefix(long periodId, PeriodRow period) {
        byte[] name = period.name();
        byte[] before = ("{\"periodId\":" + periodId + ",\"periodName\":").getBytes(UTF_8);
        byte[] after = ",\"periodActionId\":".getBytes(UTF_8);
        byte[] prefix = new byte[before.length + name.length + after.length];
        System.arraycopy(before, 0, prefix, 0, before.length);
        System.arraycopy(name, 0, prefix, before.length, name.length);
        System.arraycopy(after, 0, prefix, before.length + name.length, after.length);
        return prefix;
    }

    private interface Body {
        void writeTo(GatheredAnswer answer) throws IOException;
    }

    /** An answer that is whole, or none. */
    private GatheredAnswer whole(Body body) throws IOException {
        GatheredAnswer answer = space.newAnswer();
        boolean done = false;
        try {
            body.writeTo(answer);
            done = true;
            return answer;
        } finally {
            if (!done) {
                answer.close();
            }
        }
    }
}
