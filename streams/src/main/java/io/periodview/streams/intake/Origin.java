package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.Rejection;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Where an event came from first.
 *
 * @param timestamp the record's own, in milliseconds since the epoch
 */
public record Origin(String topic, int partition, long offset, long timestamp) {

    private static final String TOPIC = "__streams.errors.topic";
    private static final String PARTITION = "__streams.errors.partition";
    private static final String OFFSET = "__streams.errors.offset";
    private static final String TIMESTAMP = "period-view.timestamp";

    /** The headers that {@link #sentOn} adds, in their order. */
    private static final List<String> SENT_ON =
            List.of("period-view.topic", "period-view.partition", "period-view.offset", TIMESTAMP);

    /** The event's own headers and its origin behind them, for the way to the partition where its team lives. */
    public Headers sentOn(Headers own) {
        return new RecordHeaders(own)
                .add(SENT_ON.get(0), bytes(topic))
                .add(SENT_ON.get(1), bytes(partition))
                .add(SENT_ON.get(2), bytes(offset))
                .add(SENT_ON.get(3), bytes(timestamp));
    }

    /** The origin of an event that was sent on, by the last headers; null if {@link #sentOn} did not make them. */
    public static @Nullable Origin ofSentOn(Headers headers) {
        Header[] all = headers.toArray();
        int first = all.length - SENT_ON.size();
        for (int i = 0; i < SENT_ON.size(); i++) {
            if (first < 0 || !all[first + i].key().equals(SENT_ON.get(i)) || all[first + i].value() == null) {
                return null;
            }
        }
        try {
            return new Origin(
                    text(all[first]),
                    Integer.parseInt(text(all[first + 1])),
                    Long.parseLong(text(all[first + 2])),
                    Long.parseLong(text(all[first + 3])));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The own headers of an event that was sent on. */
    public static Headers ownOfSentOn(Headers headers) {
        Header[] all = headers.toArray();
        RecordHeaders own = new RecordHeaders();
        for (int i = 0; i < all.length - SENT_ON.size(); i++) {
            own.add(all[i]);
        }
        return own;
    }

    /** The event's own headers and, behind them, why it was rejected. */
    public Headers rejected(Headers own, Rejection rejection) {
        return new RecordHeaders(own)
                .add("__streams.errors.exception", bytes(rejection.code()))
                .add("__streams.errors.message", bytes(rejection.message()))
                .add(TOPIC, bytes(topic))
                .add(PARTITION, bytes(partition))
                .add(OFFSET, bytes(offset))
                .add(TIMESTAMP, bytes(timestamp));
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(UTF_8);
    }

    private static String text(Header header) {
        return new String(header.value(), UTF_8);
    }
}
