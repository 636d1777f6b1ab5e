package io.periodview.streams.fetch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.utils.internals.ByteUtils;

/**
 * The blocks of a snappy stream. Each says how large it will be, and is inflated at once, by a library that believes it;
 * other compressions work in pieces. All methods are thread-safe.
 */
final class SnappyBlocks {

    /** Bytes of a block: Kafka's producers make blocks of 32 KiB, others one for each batch. */
    private static final int MAX_BLOCK = 64 << 20;

    /** Of the stream: a magic of eight bytes, and two versions. */
    private static final int HEADER = 16;

    private SnappyBlocks() {}

    /** @throws InvalidRecordException if a block says that it is too large */
    static void check(DefaultRecordBatch batch) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        check(bytes.flip().position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD));
    }

    /** What is otherwise wrong, the library says. */
    private static void check(ByteBuffer rest) {
        rest.position(Math.min(rest.limit(), rest.position() + HEADER));
        while (rest.remaining() >= Integer.BYTES) {
            int compressed = rest.getInt();
            if (compressed <= 0 || compressed > rest.remaining()) {
                return;
            }
            ByteBuffer block = rest.slice(rest.position(), compressed);
            int size = ByteUtils.readUnsignedVarint(block);
            if (size < 0 || size > MAX_BLOCK) {
                throw new InvalidRecordException(
                        "It has a snappy block of " + Integer.toUnsignedString(size) + " bytes");
            }
            rest.position(rest.position() + compressed);
        }
    }
}
