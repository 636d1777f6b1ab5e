package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What of its record a dead letter does not have, each null if it does. It stands in the letter's last headers, where no
 * producer's own can be: the six that say why it was rejected come before. Who reads the record may have left it out
 * already, and added these headers to the record's own. Immutable.
 *
 * @param key bytes and hash
 * @param value bytes and hash
 * @param headersSize bytes of the names and values of the record's own headers
 */
public record Omissions(
        @Nullable OmittedValue key,
        @Nullable OmittedValue value,
        @Nullable Long headersSize) {

    public static final Omissions NONE = new Omissions(null, null, null);

    private static final String HEADERS_SIZE = "period-view.headers-size";
    private static final String KEY_SIZE = "period-view.key-size";
    private static final String KEY_SHA256 = "period-view.key-sha256";

    public boolean isNone() {
        return count() == 0;
    }

    /** How many headers it takes. */
    int count() {
        return (headersSize == null ? 0 : 1) + (key == null ? 0 : 2) + (value == null ? 0 : 2);
    }

    /** Adds it behind the headers that there are. */
    public void addTo(Headers headers) {
        if (headersSize != null) {
            headers.add(
                    new OmissionHeader(HEADERS_SIZE, Long.toString(headersSize).getBytes(UTF_8)));
        }
        if (key != null) {
            key.addTo(headers, KEY_SIZE, KEY_SHA256);
        }
        if (value != null) {
            value.addTo(headers);
        }
    }

    /** Where the headers begin that the record's reader has added; their number if there are none. */
    static int begin(Header[] all) {
        int begin = all.length;
        while (begin > 0 && all[begin - 1] instanceof OmissionHeader) {
            begin--;
        }
        return begin;
    }

    /** What the last headers say. */
    static Omissions last(Header[] all) {
        int end = all.length;
        OmittedValue value = OmittedValue.read(all, end, OmittedValue.SIZE, OmittedValue.SHA256);
        end -= value == null ? 0 : 2;
        OmittedValue key = OmittedValue.read(all, end, KEY_SIZE, KEY_SHA256);
        end -= key == null ? 0 : 2;
        return new Omissions(key, value, headersSize(all, end));
    }

    private static @Nullable Long headersSize(Header[] all, int end) {
        if (end < 1 || !all[end - 1].key().equals(HEADERS_SIZE) || all[end - 1].value() == null) {
            return null;
        }
        try {
            return Long.parseLong(new String(all[end - 1].value(), UTF_8));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
