package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Where an event came from first.
 *
 * @param timestamp the record's own, in milliseconds since the epoch; -1 if the record could not be read
 */
public record RecordOrigin(String topic, int partition, long offset, long timestamp) {

    /** As Kafka writes that there is no timestamp. */
    public static final long UNKNOWN_TIME = -1;

    private static final String TIMESTAMP = "period-view.timestamp";

    /** The headers that {@link #rerouteHeaders} adds, in their order. */
    private static final List<String> REROUTED =
            List.of("period-view.topic", "period-view.partition", "period-view.offset", TIMESTAMP);

    /** The headers that {@link #rejected} adds, in their order. */
    private static final List<String> REJECTED = List.of(
            "__streams.errors.exception",
            "__streams.errors.message",
            "__streams.errors.topic",
            "__streams.errors.partition",
            "__streams.errors.offset",
            TIMESTAMP);

    /** For a person, as {@code actions-3@125}. */
    String place() {
        return topic + "-" + partition + "@" + offset;
    }

    /** The event's own headers and its origin behind them, for the way to its team's partition. */
    public Headers rerouteHeaders(Headers own) {
        return with(own, REROUTED, topic, partition, offset, timestamp);
    }

    /** The origin of a rerouted event, by the last headers; null if {@link #rerouteHeaders} did not make them. */
    public static @Nullable RecordOrigin fromRerouteHeaders(Headers headers) {
        List<String> values = last(headers, REROUTED);
        return values == null ? null : of(values, 0);
    }

    /** The own headers of a rerouted event. */
    public static Headers originalHeaders(Headers headers) {
        return without(headers, REROUTED.size());
    }

    /** The event's own headers and, behind them, why it was rejected. */
    public Headers rejected(Headers own, Rejection rejection) {
        return rejected(own, rejection, Omissions.NONE);
    }

    /** As the other one, and at the end what of the event is not in its dead letter. */
    public Headers rejected(Headers own, Rejection rejection, Omissions omissions) {
        Headers all = with(own, REJECTED, rejection.code(), rejection.message(), topic, partition, offset, timestamp);
        omissions.addTo(all);
        return all;
    }

    /** What a dead letter's last headers say of it; null if {@link #rejected} did not make them. */
    public static @Nullable DeadLetter ofRejected(Headers headers) {
        Omissions omissions = Omissions.last(headers.toArray());
        Headers all = without(headers, omissions.count());
        List<String> values = last(all, REJECTED);
        if (values == null) {
            return null;
        }
        RecordOrigin origin = of(values.subList(2, REJECTED.size()), UNKNOWN_TIME);
        return origin == null
                ? null
                : new DeadLetter(origin, values.get(0), values.get(1), without(all, REJECTED.size()), omissions);
    }

    private static Headers with(Headers own, List<String> names, Object... values) {
        RecordHeaders all = new RecordHeaders(own);
        for (int i = 0; i < values.length; i++) {
            all.add(names.get(i), values[i].toString().getBytes(UTF_8));
        }
        return all;
    }

    /** The values of the last headers, null if they do not have these names: an event's own may have the same. */
    private static @Nullable List<String> last(Headers headers, List<String> names) {
        Header[] all = headers.toArray();
        int first = all.length - names.size();
        List<String> values = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            if (first < 0 || !all[first + i].key().equals(names.get(i)) || all[first + i].value() == null) {
                return null;
            }
            values.add(new String(all[first + i].value(), UTF_8));
        }
        return values;
    }

    private static Headers without(Headers headers, int last) {
        Header[] all = headers.toArray();
        return new RecordHeaders(Arrays.copyOf(all, all.length - last));
    }

    /**
     * @param values topic, partition, offset and timestamp
     * @param earliest timestamp that there can be
     */
    private static @Nullable RecordOrigin of(List<String> values, long earliest) {
        try {
            RecordOrigin origin = new RecordOrigin(
                    values.get(0),
                    Integer.parseInt(values.get(1)),
                    Long.parseLong(values.get(2)),
                    Long.parseLong(values.get(3)));
            return origin.partition < 0 || origin.offset < 0 || origin.timestamp < earliest ? null : origin;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
