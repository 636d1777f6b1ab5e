package io.periodview.streams.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.NoSuchElementException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/** The records of a batch, one in memory at a time. Not thread-safe. */
final class BoundedRecordIterator implements CloseableIterator<Record> {

    private final TopicPartition partition;
    private final DefaultRecordBatch batch;
    private final RecordReader reader;
    private final InputStream in;
    private final int count;
    private int read;

    /** Of the record that comes next, at least. */
    private long offset;

    /** @param in of the batch; closed with this */
    BoundedRecordIterator(TopicPartition partition, DefaultRecordBatch batch, RecordReader reader, InputStream in) {
        this.partition = partition;
        this.batch = batch;
        this.reader = reader;
        this.in = in;
        this.count = batch.countOrNull();
        this.offset = batch.baseOffset();
    }

    @Override
    public boolean hasNext() {
        return read < count;
    }

    /** @throws UnreadableRecordException if there is something else */
    @Override
    public Record next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            Record record = reader.next(in);
            read++;
            if (!hasNext() && in.read() != -1) {
                throw new InvalidRecordException("There is more behind the batch's last record");
            }
            offset = record.offset() + 1;
            return record;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableRecordException(partition, offset, batch.nextOffset(), e);
        }
    }

    @Override
    public void close() {
        Utils.closeQuietly(in, "the batch's stream");
    }
}
