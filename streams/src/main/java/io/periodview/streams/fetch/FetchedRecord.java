package io.periodview.streams.fetch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * A record as the consumer parses it. It is charged to the poll when the consumer asks for its key, which it does first.
 * Immutable but for the buffers' positions.
 *
 * @param cost bytes of the heap that it will take
 */
record FetchedRecord(
        TopicPartition partition,
        PollBudget budget,
        long offset,
        long timestamp,
        @Nullable ByteBuffer keyBytes,
        @Nullable ByteBuffer valueBytes,
        Header[] headers,
        int sizeInBytes,
        long cost)
        implements Record {

    @Override
    public @Nullable ByteBuffer key() {
        budget.take(partition, cost);
        return keyBytes == null ? null : keyBytes.duplicate();
    }

    /** Not a copy: {@link OmittingDeserializer} looks for one buffer. */
    @Override
    public @Nullable ByteBuffer value() {
        return valueBytes;
    }

    @Override
    public int keySize() {
        return keyBytes == null ? -1 : keyBytes.remaining();
    }

    @Override
    public int valueSize() {
        return valueBytes == null ? -1 : valueBytes.remaining();
    }

    @Override
    public boolean hasKey() {
        return keyBytes != null;
    }

    @Override
    public boolean hasValue() {
        return valueBytes != null;
    }

    /** Consumers do not ask. */
    @Override
    public int sequence() {
        return RecordBatch.NO_SEQUENCE;
    }

    /** The batch has a checksum, its records do not. */
    @Override
    public void ensureValid() {}

    @Override
    public boolean hasMagic(byte magic) {
        return magic >= RecordBatch.MAGIC_VALUE_V2;
    }

    @Override
    public boolean isCompressed() {
        return false;
    }

    @Override
    public boolean hasTimestampType(TimestampType timestampType) {
        return false;
    }
}
