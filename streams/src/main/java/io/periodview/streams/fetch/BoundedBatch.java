package io.periodview.streams.fetch;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/** A fetched batch whose records are read one by one, each of a bounded size. Not thread-safe. */
record BoundedBatch(TopicPartition partition, DefaultRecordBatch batch, PollBudget budget, LargeRecords large)
        implements RecordBatch {

    /** What the consumer reads. */
    @Override
    public CloseableIterator<Record> streamingIterator(BufferSupplier buffers) {
        if (isControlBatch()) {
            return batch.streamingIterator(buffers); // of the broker, small, and kept from whoever polls
        }
        try {
            if (compressionType() == CompressionType.SNAPPY) {
                SnappyBlocks.check(batch);
            }
            return new BoundedRecordIterator(
                    partition,
                    batch,
                    new RecordReader(partition, batch, budget, large),
                    batch.recordInputStream(buffers));
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    @Override
    public CloseableIterator<Record> streamingIterator(BufferSupplier buffers, int maxRecordBodySize) {
        return streamingIterator(buffers);
    }

    @Override
    public void ensureValid() {
        try {
            batch.ensureValid();
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
    }

    private UnreadableRecordException unreadable(RuntimeException cause) {
        return new UnreadableRecordException(partition, baseOffset(), nextOffset(), cause);
    }

    @Override
    public Iterator<Record> iterator() {
        return batch.iterator();
    }

    @Override
    public boolean isValid() {
        return batch.isValid();
    }

    @Override
    public long checksum() {
        return batch.checksum();
    }

    @Override
    public long maxTimestamp() {
        return batch.maxTimestamp();
    }

    @Override
    public TimestampType timestampType() {
        return batch.timestampType();
    }

    @Override
    public long baseOffset() {
        return batch.baseOffset();
    }

    @Override
    public long lastOffset() {
        return batch.lastOffset();
    }

    @Override
    public long nextOffset() {
        return batch.nextOffset();
    }

    @Override
    public byte magic() {
        return batch.magic();
    }

    @Override
    public long producerId() {
        return batch.producerId();
    }

    @Override
    public short producerEpoch() {
        return batch.producerEpoch();
    }

    @Override
    public boolean hasProducerId() {
        return batch.hasProducerId();
    }

    @Override
    public int baseSequence() {
        return batch.baseSequence();
    }

    @Override
    public int lastSequence() {
        return batch.lastSequence();
    }

    @Override
    public CompressionType compressionType() {
        return batch.compressionType();
    }

    @Override
    public int sizeInBytes() {
        return batch.sizeInBytes();
    }

    @Override
    public Integer countOrNull() {
        return batch.countOrNull();
    }

    @Override
    public boolean isCompressed() {
        return batch.isCompressed();
    }

    @Override
    public void writeTo(ByteBuffer buffer) {
        batch.writeTo(buffer);
    }

    @Override
    public boolean isTransactional() {
        return batch.isTransactional();
    }

    @Override
    public OptionalLong deleteHorizonMs() {
        return batch.deleteHorizonMs();
    }

    @Override
    public int partitionLeaderEpoch() {
        return batch.partitionLeaderEpoch();
    }

    @Override
    public boolean isControlBatch() {
        return batch.isControlBatch();
    }
}
