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
 * What a dead letter keeps of a record that is larger than any: not its value; nor its headers, if they and the key alone
 * are too large, or are too many; nor a key that alone is too large. So a dead letter always fits its topic.
 *
 * @param key null if it is left out, or there was none
 * @param value null if it is left out, or there was none
 * @param headers the record's own, none if they are left out
 */
public record OversizedRecord(
        byte @Nullable [] key, byte @Nullable [] value, Headers headers, Omissions omissions, Rejection rejection) {

    private static final int MAX_BYTES = OmittedValue.MAX_RECORD_BYTES;

    /** Empty ones take room, too, and would otherwise be without limit. */
    public static final int MAX_HEADERS = 10_000;

    /**
     * What is kept of this record; null if all of it is, which most are.
     *
     * @param value may be {@link OmittedValue#PLACEHOLDER}, with size and hash in the last headers
     */
    public static @Nullable OversizedRecord of(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        OmittedValue read = OmittedValue.isOmitted(value) ? OmittedValue.last(headers) : null;
        Headers own = read == null ? headers : withoutLastTwo(headers);
        long keySize = RecordSize.of(key);
        long valueSize = read == null ? RecordSize.of(value) : read.size();
        long headersSize = RecordSize.of(own);
        int count = RecordSize.count(own);
        boolean isTooLarge = read != null || keySize + valueSize + headersSize > MAX_BYTES;
        boolean isTooMany = count > MAX_HEADERS;
        if (!isTooLarge && !isTooMany) {
            return null;
        }
        boolean keepsHeaders = !isTooMany && keySize + headersSize <= MAX_BYTES;
        Omissions omissions = new Omissions(
                keySize > MAX_BYTES ? omitted(key) : null,
                read != null ? read : isTooLarge ? omitted(value) : null,
                keepsHeaders ? null : headersSize);
        return new OversizedRecord(
                omissions.key() == null ? key : null,
                omissions.value() == null ? value : null,
                keepsHeaders ? own : new RecordHeaders(),
                omissions,
                new Rejection(
                        Rejection.Code.TOO_LARGE,
                        "The record has " + (keySize + valueSize + headersSize) + " bytes (key " + keySize + ", value "
                                + valueSize + ", " + count + " headers " + headersSize + "); a dead letter keeps "
                                + MAX_BYTES + " (8 MiB) and " + MAX_HEADERS + " headers, an event may have "
                                + EventLimits.MAX_BYTES + " (1 MiB)"));
    }

    private static @Nullable OmittedValue omitted(byte @Nullable [] bytes) {
        return bytes == null ? null : OmittedValue.of(ByteBuffer.wrap(bytes));
    }

    private static Headers withoutLastTwo(Headers headers) {
        Header[] all = headers.toArray();
        return new RecordHeaders(Arrays.copyOf(all, all.length - 2));
    }
}
