package io.periodview.streams.intake;

import io.periodview.topics.EventLimits;
import io.periodview.topics.RecordSize;
import io.periodview.topics.Rejection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter keeps of a record that is larger than any: not its value; nor its headers, if they are too many, or
 * with the key too large themselves; nor a key that alone is too large. So a dead letter always fits its topic. Immutable.
 *
 * @param key null if it is left out, or there was none
 * @param headers the record's own, none if they are left out
 */
public record OversizedRecord(byte @Nullable [] key, Headers headers, Omissions omissions, Rejection rejection) {

    /** Empty ones take room, too, and would otherwise be without limit. */
    public static final int MAX_HEADERS = 10_000;

    /**
     * Bytes of a record as Kafka writes it, before compression: one that has more is oversized, since lengths take ten bytes
     * a header at most. One that has less may be.
     */
    public static final int MAX_WRITTEN_BYTES = OmittedValue.MAX_RECORD_BYTES + (128 << 10);

    private static final int MAX_BYTES = OmittedValue.MAX_RECORD_BYTES;

    /**
     * What is kept of this record; null if all of it is, which most are.
     *
     * @param value {@link OmittedValue#PLACEHOLDER} if whoever read it has left something out, and added
     *     {@link Omissions#addTo} to its headers
     */
    public static @Nullable OversizedRecord of(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return OmittedValue.isOmitted(value) ? read(key, headers) : whole(key, value, headers);
    }

    private static OversizedRecord read(byte @Nullable [] key, Headers headers) {
        Header[] all = headers.toArray();
        int begin = Omissions.begin(all);
        Omissions omissions = Omissions.last(Arrays.copyOfRange(all, begin, all.length));
        RecordHeaders own = new RecordHeaders(Arrays.copyOf(all, begin));
        return new OversizedRecord(
                key,
                own,
                omissions,
                tooLarge(
                        omissions.key() == null
                                ? RecordSize.of(key)
                                : omissions.key().size(),
                        omissions.value() == null ? 0 : omissions.value().size(),
                        omissions.headersSize() == null ? RecordSize.of(own) : omissions.headersSize()));
    }

    private static @Nullable OversizedRecord whole(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        long keySize = RecordSize.of(key);
        long valueSize = RecordSize.of(value);
        long headersSize = RecordSize.of(headers);
        boolean isTooMany = RecordSize.count(headers) > MAX_HEADERS;
        if (keySize + valueSize + headersSize <= MAX_BYTES && !isTooMany) {
            return null;
        }
        boolean keepsHeaders = RecordSize.count(headers) == 0 || !isTooMany && keySize + headersSize <= MAX_BYTES;
        boolean keepsKey = keySize <= MAX_BYTES;
        return new OversizedRecord(
                keepsKey ? key : null,
                keepsHeaders ? headers : new RecordHeaders(),
                new Omissions(keepsKey ? null : omitted(key), omitted(value), keepsHeaders ? null : headersSize),
                tooLarge(keySize, valueSize, headersSize));
    }

    private static @Nullable OmittedValue omitted(byte @Nullable [] bytes) {
        return bytes == null ? null : OmittedValue.of(ByteBuffer.wrap(bytes));
    }

    private static Rejection tooLarge(long key, long value, long headers) {
        return new Rejection(
                Rejection.Code.TOO_LARGE,
                "The record has " + (key + value + headers) + " bytes (key " + key + ", value " + value + ", headers "
                        + headers + "); a dead letter keeps " + MAX_BYTES + " (8 MiB) in at most " + MAX_HEADERS
                        + " headers, an event may have " + EventLimits.MAX_BYTES + " (1 MiB)");
    }
}
