package io.periodview.streams.fetch;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.apache.kafka.common.utils.internals.AbstractIterator;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched of one partition, in batches that are read within bounds. Not thread-safe.
 *
 * @param fetched as the broker sent it
 */
record BoundedRecords(TopicPartition partition, Records fetched, PollBudget budget, LargeRecords large)
        implements Records {

    @Override
    public Iterable<? extends RecordBatch> batches() {
        return this::batchIterator;
    }

    /** What the consumer reads. A batch that cannot even be found fails when it is read, as any other that is damaged. */
    @Override
    public AbstractIterator<RecordBatch> batchIterator() {
        Iterator<? extends RecordBatch> batches = fetched.batches().iterator();
        return new AbstractIterator<>() {
            private long offset;
            private @Nullable RuntimeException damage;

            @Override
            public boolean hasNext() {
                try {
                    return damage != null || super.hasNext();
                } catch (RuntimeException e) {
                    damage = e;
                    return true;
                }
            }

            @Override
            public RecordBatch next() {
                if (hasNext() && damage != null) {
                    throw new UnreadableRecordException(partition, offset, offset + 1, damage);
                }
                RecordBatch next = super.next();
                offset = next.nextOffset();
                return next;
            }

            @Override
            protected @Nullable RecordBatch makeNext() {
                return batches.hasNext() ? bounded(batches.next()) : allDone();
            }
        };
    }

    /** Formats before Kafka 0.11 have no headers, and no broker of today accepts them. */
    private RecordBatch bounded(RecordBatch batch) {
        return batch instanceof DefaultRecordBatch current
                ? new BoundedBatch(partition, current, budget, large)
                : batch;
    }

    @Override
    public int sizeInBytes() {
        return fetched.sizeInBytes();
    }

    @Override
    public Optional<RecordBatch> lastBatch() {
        return fetched.lastBatch();
    }

    @Override
    public boolean hasMatchingMagic(byte magic) {
        return fetched.hasMatchingMagic(magic);
    }

    @Override
    public Iterable<Record> records() {
        return fetched.records();
    }

    @Override
    public Records slice(int position, int size) {
        return fetched.slice(position, size);
    }

    @Override
    public RecordsSend<? extends Records> toSend() {
        throw new UnsupportedOperationException("Fetched records are not sent on");
    }

    @Override
    public int writeTo(TransferableChannel channel, int position, int length) throws IOException {
        return fetched.writeTo(channel, position, length);
    }
}
