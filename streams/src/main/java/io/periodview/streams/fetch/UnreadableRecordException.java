package io.periodview.streams.fetch;

import java.io.Serial;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A batch of records that cannot be read: it is damaged, or holds a record that may not be left out. Immutable.
 *
 * <p>The consumer stays in front of it, and throws this again at every poll, until it is paused or seeks past the batch.
 */
public final class UnreadableRecordException extends KafkaException {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient TopicPartition partition;
    private final long offset;
    private final long nextOffset;

    UnreadableRecordException(TopicPartition partition, long offset, long nextOffset, Throwable cause) {
        super("Cannot read " + partition + "@" + offset + ": " + cause.getMessage(), cause);
        this.partition = partition;
        this.offset = offset;
        this.nextOffset = nextOffset;
    }

    /** What a poll threw may be this, or have it as its cause; null if it does not. */
    public static @Nullable UnreadableRecordException in(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof UnreadableRecordException unreadable) {
                return unreadable;
            }
        }
        return null;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** From here on the batch cannot be read; or from the consumer's position on, if that is further. */
    public long offset() {
        return offset;
    }

    /** Behind the batch, as far as its header can be trusted: what is before it cannot be read either. */
    public long nextOffset() {
        return nextOffset;
    }
}
