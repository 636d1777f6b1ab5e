package io.periodview.cli.deadletters;

import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.RecordOffset;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that may be sent again, and whether the topic it came from has a newer event with its key. One thread at
 * a time.
 */
final class ReplayCandidate {

    private final RecordOffset place;
    private final RecordOrigin origin;
    private final int target;
    private final int length;
    private final long checksum;

    private boolean originSeen;
    private @Nullable RecordOffset newer;
    private long newerTime = Long.MIN_VALUE;

    /** @param target the partition that it would be sent to */
    ReplayCandidate(RecordOffset place, RecordOrigin origin, int target, byte @Nullable [] value) {
        this.place = place;
        this.origin = origin;
        this.target = target;
        this.length = value == null ? -1 : value.length;
        this.checksum = checksum(value);
    }

    RecordOffset place() {
        return place;
    }

    RecordOrigin origin() {
        return origin;
    }

    /** Takes note of a record of its topic that has its key. */
    void see(ConsumerRecord<byte[], byte[]> record, String shortTopic) {
        if (record.partition() == origin.partition() && record.offset() == origin.offset()) {
            originSeen = true;
        } else if (isSupersededBy(record) && record.timestamp() >= newerTime) {
            newer = new RecordOffset(shortTopic, record.partition(), record.offset());
            newerTime = record.timestamp();
        }
    }

    private boolean isSupersededBy(ConsumerRecord<byte[], byte[]> record) {
        if (record.partition() == origin.partition()) {
            return record.offset() > origin.offset();
        }
        // Across partitions there is no order but time. In the same millisecond the record may be newer; and it is if
        // it
        // was itself sent again from here before. But what this one is itself a copy of, sent again from there, is not.
        return record.timestamp() > origin.timestamp()
                || (record.timestamp() == origin.timestamp() && !(origin.partition() == target && isSame(record)));
    }

    private boolean isSame(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return (value == null ? -1 : value.length) == length && checksum(value) == checksum;
    }

    private static long checksum(byte @Nullable [] value) {
        CRC32C checksum = new CRC32C();
        checksum.update(value == null ? new byte[0] : value);
        return checksum.getValue();
    }

    /** The newer event that has superseded it, as far as its topic was read; null if none was found. */
    @Nullable
    RecordOffset newer() {
        return newer;
    }

    /**
     * Whether its own record is gone from its topic. Compaction removes only what a newer record replaces, be it a
     * deletion that is itself gone by now; and as long as the record is there, no deletion behind it is gone.
     */
    boolean isOriginGone() {
        return !originSeen;
    }
}
