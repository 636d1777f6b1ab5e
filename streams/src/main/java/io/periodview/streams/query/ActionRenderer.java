package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.domain.Markers;
import io.periodview.streams.domain.PeriodActionIds;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.store.ActionRow;
import io.periodview.streams.store.PeriodRow;
import java.io.IOException;
import java.util.List;

/** What a period puts around each of its actions: its id and name, the period action's id, the marker. Immutable. */
final class ActionRenderer {

    private static final byte[] NO_MARKER = "null".getBytes(UTF_8);

    private final PeriodActionIds ids;
    private final long[] markerTimestamps;
    private final List<byte[]> markerNames;
    private final byte[] prefix;

    ActionRenderer(long periodId, PeriodRow period) {
        ids = new PeriodActionIds(period.incarnation());
        markerTimestamps = period.markerTimestamps();
        markerNames = period.markerNames();
        prefix = concat(
                ("{\"periodId\":" + periodId + ",\"periodName\":").getBytes(UTF_8),
                period.name(),
                ",\"periodActionId\":".getBytes(UTF_8));
    }

    /** Writes the action up to where form fields or the closing brace come. */
    void write(BufferedBody body, long createdTime, ActionRow row) throws IOException {
        body.write(prefix);
        body.write(ids.of(row.number()));
        body.write(',');
        body.write(row.bytes(), row.head(), row.lengthOf(row.head()));
        body.write(marker(createdTime));
        body.write(row.bytes(), row.tail(), row.lengthOf(row.tail()));
    }

    /** The action without form fields. */
    byte[] render(long createdTime, ActionRow row) {
        byte[] id = (ids.of(row.number()) + ",").getBytes(ISO_8859_1);
        byte[] marker = marker(createdTime);
        int headLength = row.lengthOf(row.head());
        int tailLength = row.lengthOf(row.tail());
        byte[] json = new byte[prefix.length + id.length + headLength + marker.length + tailLength + 1];
        int at = append(json, 0, prefix, 0, prefix.length);
        at = append(json, at, id, 0, id.length);
        at = append(json, at, row.bytes(), row.head(), headLength);
        at = append(json, at, marker, 0, marker.length);
        at = append(json, at, row.bytes(), row.tail(), tailLength);
        json[at] = '}';
        return json;
    }

    private byte[] marker(long createdTime) {
        int marker = Markers.lastAtOrBefore(markerTimestamps, createdTime);
        return marker == Markers.NONE ? NO_MARKER : markerNames.get(marker);
    }

    private static byte[] concat(byte[] first, byte[] second, byte[] third) {
        byte[] all = new byte[first.length + second.length + third.length];
        int at = append(all, 0, first, 0, first.length);
        at = append(all, at, second, 0, second.length);
        append(all, at, third, 0, third.length);
        return all;
    }

    private static int append(byte[] to, int at, byte[] bytes, int from, int length) {
        System.arraycopy(bytes, from, to, at, length);
        return at + length;
    }
}
