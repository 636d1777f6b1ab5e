package io.periodview.topics;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The one unit that all limits are measured in: bytes of the key, of the value, and of the names and values of the
 * headers, before compression. What Kafka adds (lengths, at most ten bytes a header) is not counted. Thread-safe.
 */
public final class RecordSize {

    private RecordSize() {}

    /** Of a key or value. */
    public static long of(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    public static long of(Headers headers) {
        long bytes = 0;
        for (Header header : headers.toArray()) { // most have none
            bytes += Utils.utf8Length(header.key()) + of(header.value());
        }
        return bytes;
    }

    /** How many there are. */
    public static int count(Headers headers) {
        return headers.toArray().length;
    }
}
