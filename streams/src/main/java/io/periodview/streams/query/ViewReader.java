package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.cache.CachedRow;
import io.periodview.streams.cache.HotPeriod;
import io.periodview.streams.cache.Scan;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.store.ActionRow;
import io.periodview.streams.store.PeriodRow;
import io.periodview.streams.store.RowKeys;
import java.io.IOException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers out of one store. Splices stored bytes: nothing is parsed, and there is no object per field.
 * Thread-safe, while a writer writes.
 *
 * <p>Here it is decided which actions a period has: those whose createdTime lies within its bounds at the moment of the
 * read.
 */
public final class ViewReader {

    private static final byte[] ACTIONS = "{\"actions\":[".getBytes(UTF_8);
    private static final byte[] PERIODS = "{\"periods\":[".getBytes(UTF_8);
    private static final byte[] NOTES = "],\"notes\":[".getBytes(UTF_8);
    private static final byte[] END = "]}".getBytes(UTF_8);

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final BufferPool buffers;

    public ViewReader(ReadOnlyKeyValueStore<Bytes, byte[]> store, BufferPool buffers) {
        this.store = store;
        this.buffers = buffers;
    }

    /**
     * The periods of a team that lie within a range, ordered by start, then id.
     *
     * @param from earliest start, in milliseconds since the epoch, or null
     * @param until latest end, in milliseconds since the epoch, or null; an open period lies within none
     */
    public BufferedBody periods(long teamId, @Nullable Long from, @Nullable Long until) throws IOException {
        RowKeys.Range range = RowKeys.periods(teamId);
        try (BufferedBody found = new BufferedBody(buffers);
                PeriodList periods = new PeriodList(buffers)) {
            try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
                while (rows.hasNext()) {
                    PeriodRow period = PeriodRow.of(rows.next().value);
                    if ((from == null || from <= period.start()) && (until == null || period.end() <= until)) {
                        byte[] served = period.served();
                        periods.add(period.start(), found.length(), served.length);
                        found.write(served);
                    }
                }
            }
            return complete(buffers, body -> {
                body.write(PERIODS);
                periods.writeInOrder(found, body);
                body.write(END);
            });
        } finally {
            buffers.written();
        }
    }

    /** The same without anybody who wants to know of the rows. */
    public @Nullable BufferedBody actions(long teamId, long periodId, @Nullable FormFieldSelection formFields)
            throws IOException {
        return actions(teamId, periodId, formFields, Scan.NONE);
    }

    /**
     * The actions of a period, ordered by createdTime, then actionId, or null if the team has no such period.
     *
     * @param formFields null if the request has no such parameter
     * @param scan is notified of what is read
     */
    public @Nullable BufferedBody actions(
            long teamId, long periodId, @Nullable FormFieldSelection formFields, Scan scan) throws IOException {
        Bytes periodKey = RowKeys.period(teamId, periodId);
        byte[] stored = store.get(periodKey);
        while (stored != null) {
            PeriodRow period = PeriodRow.of(stored);
            RowKeys.Range range = RowKeys.rows(teamId, period.start(), period.end());
            try (KeyValueIterator<Bytes, byte[]> rows = store.range(range.from(), range.to())) {
                // The iterator shows the moment of its creation, which a queried store puts off until it is first
                // asked. If the period is still the same revision of itself after that, it was so at that moment.
                boolean unused = rows.hasNext();
                byte[] after = store.get(periodKey);
                if (period.isSameAs(after)) {
                    scan.period(stored, period.start(), period.end());
                    ActionRenderer renderer = new ActionRenderer(periodId, period);
                    BufferedBody body = complete(buffers, into -> write(into, renderer, rows, formFields, scan));
                    scan.complete();
                    return body;
                }
                stored = after;
            }
        }
        return null;
    }

    private void write(
            BufferedBody body,
            ActionRenderer renderer,
            KeyValueIterator<Bytes, byte[]> rows,
            @Nullable FormFieldSelection formFields,
            Scan scan)
            throws IOException {
        try (BufferedBody notes = new BufferedBody(buffers)) {
            body.write(ACTIONS);
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> next = rows.next();
                long createdTime = RowKeys.createdTimeOf(next.key);
                long actionId = RowKeys.actionIdOf(next.key);
                ActionRow row = ActionRow.of(next.value);
                if (body.rows() > 0) {
                    body.write(',');
                }
                body.countRow();
                renderer.write(body, createdTime, row);
                if (formFields != null) {
                    formFields.write(body, notes, actionId, row);
                }
                body.write('}');
                if (scan.wantsRows()) {
                    scan.row(createdTime, actionId, row.withoutFormFields());
                }
            }
            if (notes.rows() > 0) {
                body.write(NOTES);
                body.append(notes);
            }
            body.write(END);
        }
    }

    /** The same of a period whose rows are in memory. */
    static BufferedBody actions(BufferPool buffers, long periodId, HotPeriod.Snapshot hot) throws IOException {
        ActionRenderer renderer = new ActionRenderer(periodId, PeriodRow.of(hot.period()));
        return complete(buffers, body -> {
            body.expect(lengthOf(hot));
            body.write(ACTIONS);
            for (CachedRow row : hot.rows()) {
                if (body.rows() > 0) {
                    body.write(',');
                }
                body.countRow();
                byte[] rendered = row.rendered();
                if (rendered == null) {
                    rendered = renderer.render(row.createdTime(), ActionRow.of(row.stored()));
                    row.rendered(rendered);
                }
                body.write(rendered);
            }
            body.write(END);
        });
    }

    /** As far as it is known before. */
    private static long lengthOf(HotPeriod.Snapshot hot) {
        long length = ACTIONS.length + END.length;
        for (CachedRow row : hot.rows()) {
            byte[] rendered = row.rendered();
            length += rendered == null ? row.stored().length : rendered.length + 1;
        }
        return length;
    }

    private interface Content {
        void writeTo(BufferedBody body) throws IOException;
    }

    /** A body that is complete, or none. */
    private static BufferedBody complete(BufferPool buffers, Content content) throws IOException {
        BufferedBody body = new BufferedBody(buffers);
        boolean done = false;
        try {
            content.writeTo(body);
            done = true;
            return body;
        } finally {
            buffers.written();
            if (!done) {
                body.close();
            }
        }
    }
}
