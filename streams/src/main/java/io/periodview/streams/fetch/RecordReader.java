package io.periodview.streams.fetch;

import io.periodview.streams.intake.OversizedRecord;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a batch, as {@code DefaultRecord.readFrom} does, which takes as much memory as a record says that it
 * has: <a href="https://kafka.apache.org/documentation/#record">Kafka's record format</a>. Not thread-safe.
 */
final class RecordReader {

    /** Of a header, in objects: a record of one MiB has room for half a million that are empty. */
    private static final int HEADER_COST = 200;

    /** Of a record, in objects. */
    private static final int RECORD_COST = 300;

    private final TopicPartition partition;
    private final PollBudget budget;
    private final LargeRecords large;
    private final long baseOffset;
    private final long baseTimestamp;
    private final @Nullable Long logAppendTime;

    RecordReader(TopicPartition partition, DefaultRecordBatch batch, PollBudget budget, LargeRecords large) {
        this.partition = partition;
        this.budget = budget;
        this.large = large;
        this.baseOffset = batch.baseOffset();
        this.baseTimestamp = batch.baseTimestamp();
        this.logAppendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : null;
    }

    Record next(InputStream in) throws IOException {
        int size = ByteUtils.readVarint(in);
        if (size < 0) {
            throw new InvalidRecordException("Its size is " + size);
        }
        if (size > large.limit()) {
            return withoutValue(in, size);
        }
        byte[] body = new byte[size];
        if (in.readNBytes(body, 0, size) < size) {
            throw new EOFException("It ends before its " + size + " bytes");
        }
        Record record = whole(ByteBuffer.wrap(body));
        return record != null ? record : withoutValue(new ByteArrayInputStream(body), size);
    }

    /** Null if it has too many headers: each is an object. */
    private @Nullable Record whole(ByteBuffer body) {
        int size = body.remaining();
        body.get(); // attributes: none are in use
        long timestamp = timestamp(ByteUtils.readVarlong(body));
        long offset = baseOffset + ByteUtils.readVarint(body);
        ByteBuffer key = slice(body);
        ByteBuffer value = slice(body);
        int headers = ByteUtils.readVarint(body);
        if (headers < 0 || headers > body.remaining()) {
            throw new InvalidRecordException("It says that it has " + headers + " headers");
        }
        if (headers > OversizedRecord.MAX_HEADERS) {
            return null;
        }
        Header[] read = headers == 0 ? Record.EMPTY_HEADERS : headers(body, headers);
        if (body.hasRemaining()) {
            throw new InvalidRecordException("There are " + body.remaining() + " bytes behind its headers");
        }
        return new FetchedRecord(partition, budget, offset, timestamp, key, value, read, size, cost(size, headers));
    }

    /** From a copy of their own: they are read when somebody asks, and would keep the value until then. */
    private static Header[] headers(ByteBuffer body, int count) {
        byte[] copy = new byte[body.remaining()];
        body.get(copy);
        ByteBuffer bytes = ByteBuffer.wrap(copy);
        Header[] headers = new Header[count];
        for (int i = 0; i < count; i++) {
            ByteBuffer key = slice(bytes);
            if (key == null) {
                throw new InvalidRecordException("It has a header without a key");
            }
            headers[i] = new RecordHeader(key, slice(bytes));
        }
        if (bytes.hasRemaining()) {
            throw new InvalidRecordException("There are " + bytes.remaining() + " bytes behind its headers");
        }
        return headers;
    }

    private Record withoutValue(InputStream in, int size) throws IOException {
        if (large == LargeRecords.REFUSE) {
            throw new InvalidRecordException("It has " + size + " bytes; " + large.limit() + " are the limit");
        }
        LargeRecord record = LargeRecord.read(in, size);
        return new FetchedRecord(
                partition,
                budget,
                baseOffset + record.offsetDelta(),
                timestamp(record.timestampDelta()),
                record.key(),
                OmittingDeserializer.OMITTED,
                record.headers(),
                size,
                cost(record.kept(), record.headers().length));
    }

    private static long cost(int bytes, int headers) {
        return RECORD_COST + bytes + (long) HEADER_COST * headers;
    }

    private long timestamp(long delta) {
        return logAppendTime != null ? logAppendTime : baseTimestamp + delta;
    }

    /** A length and so many bytes; null if the length is negative. */
    private static @Nullable ByteBuffer slice(ByteBuffer bytes) {
        int length = ByteUtils.readVarint(bytes);
        if (length < 0) {
            return null;
        }
        ByteBuffer slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return slice;
    }
}
