package io.periodview.streams.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.OversizedRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a record that is too large, by the rules of {@link OversizedRecord}. However large it is, it is read
 * through a small buffer.
 *
 * @param headers its own and, behind them, what was left out: {@link Omissions}
 * @param kept bytes of key and headers
 */
record LargeRecord(
        long timestampDelta, int offsetDelta, @Nullable ByteBuffer key, Header[] headers, int kept) {

    /** Reads exactly so many bytes. */
    static LargeRecord read(InputStream in, int size) throws IOException {
        RecordBody body = new RecordBody(in, size);
        body.read(); // attributes: none are in use
        long timestampDelta = ByteUtils.readVarlong(body);
        int offsetDelta = ByteUtils.readVarint(body);
        int keySize = body.length();
        boolean keepsKey = keySize <= OmittedValue.MAX_RECORD_BYTES;
        byte[] key = keepsKey ? body.bytes(keySize) : null;
        OmittedValue omittedKey = keepsKey ? null : body.omit(keySize);
        OmittedValue value = body.omit(body.length());
        OwnHeaders own = OwnHeaders.read(body, OmittedValue.MAX_RECORD_BYTES - Math.max(0, keySize));
        if (body.left() > 0) {
            throw new InvalidRecordException("There are " + body.left() + " bytes behind its headers");
        }
        RecordHeaders headers = own.kept() == null ? new RecordHeaders() : own.kept();
        new Omissions(omittedKey, value, own.kept() == null ? own.size() : null).addTo(headers);
        return new LargeRecord(
                timestampDelta,
                offsetDelta,
                key == null ? null : ByteBuffer.wrap(key),
                headers.toArray(),
                (key == null ? 0 : key.length) + (own.kept() == null ? 0 : (int) own.size()));
    }

    /**
     * @param kept null if they are too many, or too large
     * @param size bytes of all names and values
     */
    private record OwnHeaders(@Nullable RecordHeaders kept, long size) {

        static OwnHeaders read(RecordBody body, int room) throws IOException {
            int count = body.length(); // each has two lengths, of a byte at least
            if (count < 0) {
                throw new InvalidRecordException("It says that it has " + count + " headers");
            }
            RecordHeaders kept = count <= OversizedRecord.MAX_HEADERS ? new RecordHeaders() : null;
            long size = 0;
            for (int i = 0; i < count; i++) {
                int nameSize = body.length();
                size += Math.max(0, nameSize);
                kept = size > room ? null : kept;
                byte[] name = kept == null ? skipped(body, nameSize) : body.bytes(nameSize);
                int valueSize = body.length();
                size += Math.max(0, valueSize);
                kept = size > room ? null : kept;
                byte[] value = kept == null ? skipped(body, valueSize) : body.bytes(valueSize);
                if (nameSize < 0) {
                    throw new InvalidRecordException("It has a header without a name");
                }
                if (kept != null && name != null) {
                    kept.add(new String(name, UTF_8), value);
                }
            }
            return new OwnHeaders(kept, size);
        }

        private static byte @Nullable [] skipped(RecordBody body, int length) throws IOException {
            body.skipNBytes(length);
            return null;
        }
    }
}
