package io.periodview.streams.view;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.rules.Markers;
import io.periodview.streams.rules.PeriodActionIds;
import io.periodview.streams.state.ActionRow;
import io.periodview.streams.state.PeriodRow;
import java.io.IOException;
import java.util.List;

/** What a period puts around each of its actions: its id and name, the period action's id, the marker. Immutable. */
final class PeriodFrame {

    private static final byte[] NO_MARKER = "null".getBytes(UTF_8);

    private final PeriodActionIds ids;
    private final long[] markerTimestamps;
    private final List<byte[]> markerNames;
    private final byte[] prefix;

    PeriodFrame(long periodId, PeriodRow period) {
        ids = new PeriodActionIds(period.incarnation());
        markerTimestamps = period.markerTimestamps();
        markerNames = period.markerNames();
        prefix = concat(
                ("{\"periodId\":" + periodId + ",\"periodName\":").getBytes(UTF_8),
                period.name(),
                ",\"periodActionId\":".getBytes(UTF_8));
    }

    /** Writes the action up to where form fields or the closing brace come. */
    void write(GatheredAnswer answer, long createdTime, ActionRow row) throws IOException {
        answer.write(prefix);
        answer.write(ids.of(row.number()));
        answer.write(',');
        answer.write(row.bytes(), row.head(), row.lengthOf(row.head()));
        answer.write(marker(createdTime));
        answer.write(row.bytes(), row.tail(), row.lengthOf(row.tail()));
    }

    /** The action without form fields. */
    byte[] around(long createdTime, ActionRow row) {
        byte[] id = (ids.of(row.number()) + ",").getBytes(ISO_8859_1);
        byte[] marker = marker(createdTime);
        int headLength = row.lengthOf(row.head());
        int tailLength = row.lengthOf(row.tail());
        byte[] whole = new byte[prefix.length + id.length + headLength + marker.length + tailLength + 1];
        int at = append(whole, 0, prefix, 0, prefix.length);
        at = append(whole, at, id, 0, id.length);
        at = append(whole, at, row.bytes(), row.head(), headLength);
        at = append(whole, at, marker, 0, marker.length);
        at = append(whole, at, row.bytes(), row.tail(), tailLength);
        whole[at] = '}';
        return whole;
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
