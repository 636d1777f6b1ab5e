package io.periodview.streams.fetch;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of the heap the records of one poll may take; Kafka's consumer counts records only. Not thread-safe: of
 * the thread that polls.
 */
public final class PollBudget {

    /**
     * A consumer that gets one when it parses a record ends the poll in front of it, if the poll has any record, and parses
     * it again at the next poll.
     */
    private static final SerializationException SPENT = new SerializationException("The poll has enough bytes");

    private static final class Counter {
        long bytes;
    }

    private final Map<TopicPartition, Counter> taken = new HashMap<>();

    /** Records come partition by partition. */
    private @Nullable TopicPartition last;

    private Counter ofLast = new Counter();
    private long max;
    private long total;

    /** A poll begins that may return so many bytes, or else one record. */
    public void begin(long max) {
        this.max = max;
        total = 0;
        taken.values().forEach(each -> each.bytes = 0);
    }

    /** Before a record is returned. The first of a poll always may be, else the exception would come out of the poll. */
    void take(TopicPartition partition, long bytes) {
        if (total > 0 && total + bytes > max) {
            throw SPENT;
        }
        total += bytes;
        if (partition != last) { // the same one, not an equal one, most times
            last = partition;
            ofLast = taken.computeIfAbsent(partition, unknown -> new Counter());
        }
        ofLast.bytes += bytes;
    }

    /** Bytes of the heap that the records of a partition take that the poll has returned. */
    public long taken(TopicPartition partition) {
        Counter counter = taken.get(partition);
        return counter == null ? 0 : counter.bytes;
    }
}
