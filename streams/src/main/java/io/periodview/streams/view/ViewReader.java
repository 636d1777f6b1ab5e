package io.periodview.streams.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.owned.Live;
import io.periodview.streams.owned.LiveRow;
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
        return whole(space, answer -> {
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
        return actions(teamId, periodId, formFields, null);
    }

    /** @param found takes the rows down, if they are wanted */
    @Nullable
    GatheredAnswer actions(long teamId, long periodId, @Nullable FormFields formFields, @Nullable FoundRows found)
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
                    PeriodFrame frame = new PeriodFrame(periodId, period);
                    GatheredAnswer answer = whole(space, gathered -> write(gathered, frame, rows, formFields, found));
                    if (found != null) {
                        found.end(stored);
                    }
                    return answer;
                }
                stored = after;
            }
        }
        return null;
    }

    @Nullable
    PeriodRow period(long teamId, long periodId) {
        byte[] stored = store.get(ViewKeys.period(teamId, periodId));
        return stored == null ? null : PeriodRow.of(stored);
    }

    private void write(
            GatheredAnswer answer,
            PeriodFrame frame,
            KeyValueIterator<Bytes, byte[]> rows,
            @Nullable FormFields formFields,
            @Nullable FoundRows found)
            throws IOException {
        try (GatheredAnswer notes = space.newAnswer()) {
            answer.write(ACTIONS);
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> next = rows.next();
                long createdTime = ViewKeys.createdTimeOf(next.key);
                ActionRow row = ActionRow.of(next.value);
                if (answer.rows() > 0) {
                    answer.write(',');
                }
                answer.countRow();
                frame.write(answer, createdTime, row);
                if (formFields != null) {
                    formFields.write(answer, notes, ViewKeys.actionIdOf(next.key), row);
                }
                answer.write('}');
                if (found != null) {
                    found.add(createdTime, ViewKeys.actionIdOf(next.key), next.value);
                }
            }
            if (notes.rows() > 0) {
                answer.write(NOTES);
                answer.append(notes);
            }
            answer.write(END);
        }
    }

    /** The same of a period whose rows are in memory. */
    static GatheredAnswer actions(AnswerSpace space, long periodId, Live live) throws IOException {
        PeriodFrame frame = new PeriodFrame(periodId, PeriodRow.of(live.period()));
        return whole(space, answer -> {
            answer.expect(lengthOf(live));
            answer.write(ACTIONS);
            for (LiveRow row : live.rows()) {
                if (answer.rows() > 0) {
                    answer.write(',');
                }
                answer.countRow();
                byte[] served = row.served();
                if (served == null) {
                    served = frame.around(row.createdTime(), ActionRow.of(row.stored()));
                    row.served(served);
                }
                answer.write(served);
            }
            answer.write(END);
        });
    }

    /** As far as it is known before. */
    private static long lengthOf(Live live) {
        long length = ACTIONS.length + END.length;
        for (LiveRow row : live.rows()) {
            byte[] served = row.served();
            length += served == null ? row.stored().length : served.length + 1;
        }
        return length;
    }

    private interface Body {
        void writeTo(GatheredAnswer answer) throws IOException;
    }

    /** An answer that is whole, or none. */
    private static GatheredAnswer whole(AnswerSpace space, Body body) throws IOException {
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
