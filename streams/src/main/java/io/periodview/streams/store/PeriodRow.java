package io.periodview.streams.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.domain.Period;
import io.periodview.streams.domain.TimeRange;
import io.periodview.topics.IsoTime;
import io.periodview.topics.Json;
import io.periodview.topics.Marker;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * A stored period, read in place:
 *
 * <pre>
 * [version:1] [incarnation:8] [revision:8] [firstSeen:8] [start:8] [end:8] [markers:4]
 * [length:4] served JSON  [length:4] name as JSON  markers x ([timestamp:8] [length:4] name as JSON)
 * </pre>
 *
 * Times are milliseconds since the epoch. Immutable.
 */
public final class PeriodRow {

    private static final int INCARNATION = 1;
    private static final int REVISION = INCARNATION + Long.BYTES;
    private static final int FIRST_SEEN = REVISION + Long.BYTES;
    private static final int START = FIRST_SEEN + Long.BYTES;
    private static final int END = START + Long.BYTES;
    private static final int MARKERS = END + Long.BYTES;
    private static final int SERVED = MARKERS + 2 * Integer.BYTES;

    private final byte[] row;

    private PeriodRow(byte[] row) {
        this.row = row;
    }

    public static PeriodRow of(byte[] row) {
        return new PeriodRow(RowFormat.requireVersion(row));
    }

    public static byte[] encode(Period period) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(500);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(RowFormat.VERSION);
            out.writeLong(period.incarnation());
            out.writeLong(period.revision());
            out.writeLong(period.firstSeen());
            out.writeLong(period.bounds().start());
            out.writeLong(period.bounds().end());
            out.writeInt(period.markers().size());
            write(out, served(period));
            write(out, Json.quote(period.name()));
            for (Marker marker : period.markers()) {
                out.writeLong(marker.timestamp());
                write(out, Json.quote(marker.name()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String served(Period period) {
        StringBuilder json = new StringBuilder(300)
                .append("{\"id\":")
                .append(period.id())
                .append(",\"name\":")
                .append(Json.quote(period.name()));
        time(json, ",\"start_date\":", period.bounds().start());
        if (period.bounds().end() == TimeRange.OPEN_ENDED) {
            json.append(",\"end_date\":null");
        } else {
            time(json, ",\"end_date\":", period.bounds().end());
        }
        time(json, ",\"created_at\":", period.createdAt());
        time(json, ",\"updated_at\":", period.updatedAt());
        json.append(",\"markers\":[");
        String separator = "";
        for (Marker marker : period.markers()) {
            json.append(separator).append("{\"name\":").append(Json.quote(marker.name()));
            time(json, ",\"timestamp\":", marker.timestamp());
            json.append('}');
            separator = ",";
        }
        return json.append("]}").toString();
    }

    private static void time(StringBuilder json, String name, long time) {
        json.append(name).append('"').append(IsoTime.format(time)).append('"');
    }

    /** What the ids of its period actions are made with. */
    public long incarnation() {
        return RowFormat.getLong(row, INCARNATION);
    }

    public Period.Identity identity() {
        return new Period.Identity(incarnation(), RowFormat.getLong(row, REVISION), RowFormat.getLong(row, FIRST_SEEN));
    }

    public long start() {
        return RowFormat.getLong(row, START);
    }

    /** {@link TimeRange#OPEN_ENDED} while the period is open. */
    public long end() {
        return RowFormat.getLong(row, END);
    }

    /** The period as {@code GET /periods} serves it. */
    public byte[] served() {
        return part(SERVED);
    }

    /** The name as a JSON string. */
    public byte[] name() {
        return part(after(SERVED));
    }

    /** The markers' timestamps, in order. */
    public long[] markerTimestamps() {
        long[] timestamps = new long[RowFormat.getInt(row, MARKERS)];
        int at = after(after(SERVED)) - Integer.BYTES;
        for (int i = 0; i < timestamps.length; i++) {
            timestamps[i] = RowFormat.getLong(row, at);
            at = after(at + Long.BYTES + Integer.BYTES) - Integer.BYTES;
        }
        return timestamps;
    }

    /** The markers' names as JSON strings, in the order of {@link #markerTimestamps}. */
    public List<byte[]> markerNames() {
        byte[][] names = new byte[RowFormat.getInt(row, MARKERS)][];
        int at = after(after(SERVED)) - Integer.BYTES;
        for (int i = 0; i < names.length; i++) {
            int name = at + Long.BYTES + Integer.BYTES;
            names[i] = part(name);
            at = after(name) - Integer.BYTES;
        }
        return List.of(names);
    }

    /** Whether two rows differ in nothing but the revision. */
    public static boolean isUnchanged(byte[] row, byte[] before) {
        int behind = REVISION + Long.BYTES;
        return Arrays.equals(row, 0, REVISION, before, 0, REVISION)
                && Arrays.equals(row, behind, row.length, before, behind, before.length);
    }

    /** Whether the other row is this very state of the period, with nothing in between. */
    public boolean isSameAs(byte[] other) {
        return Arrays.equals(row, other);
    }

    private byte[] part(int at) {
        return Arrays.copyOfRange(row, at, at + RowFormat.getInt(row, at - Integer.BYTES));
    }

    /** Where the part behind the one at this place begins, if a length stands between them. */
    private int after(int at) {
        return at + RowFormat.getInt(row, at - Integer.BYTES) + Integer.BYTES;
    }
}
