package io.periodview.topics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of a period after a change. Times are milliseconds since the epoch.
 *
 * @param endDate null while the period is open; else after {@code startDate}
 * @param createdAt null if the producer leaves it to the record's timestamp
 * @param updatedAt null if the producer leaves it to the record's timestamp
 * @param markers ordered by timestamp; of equal ones the later in the event comes later
 */
public record PeriodEvent(
        String name,
        long startDate,
        @Nullable Long endDate,
        @Nullable Long createdAt,
        @Nullable Long updatedAt,
        List<Marker> markers) {

    public PeriodEvent {
        markers = markers.stream()
                .sorted(Comparator.comparingLong(Marker::timestamp))
                .toList();
    }

    /** Reads the value of a record with this key; thread-safe, never throws. */
    public static ParseResult<PeriodEvent> parse(EventKey key, byte[] value) {
        return EventReader.parse(value, reader -> read(key, reader));
    }

    private static PeriodEvent read(EventKey key, EventReader in) throws InvalidEventException {
        String name = null;
        Long startDate = null;
        Long endDate = null;
        Long createdAt = null;
        Long updatedAt = null;
        List<Marker> markers = List.of();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> in.requireId(key.id());
                case "name" -> name = in.string();
                case "start_date" -> startDate = in.time();
                case "end_date" -> endDate = in.time();
                case "created_at" -> createdAt = in.time();
                case "updated_at" -> updatedAt = in.time();
                case "markers" -> markers = markers(in);
                default -> in.skip();
            }
        }
        String requiredName = in.require("name", name);
        long start = in.require("start_date", startDate);
        if (endDate != null && endDate <= start) {
            throw new InvalidEventException(
                    Rejection.Code.INVALID_VALUE,
                    "end_date " + IsoTime.format(endDate) + " is not after start_date " + IsoTime.format(start));
        }
        return new PeriodEvent(requiredName, start, endDate, createdAt, updatedAt, markers);
    }

    private static List<Marker> markers(EventReader in) throws InvalidEventException {
        if (in.atNull()) {
            return List.of();
        }
        if (in.atObject()) {
            return List.of(marker(in));
        }
        List<Marker> markers = new ArrayList<>();
        in.requireArray("an array of objects");
        while (in.nextElement()) {
            markers.add(marker(in));
        }
        return markers;
    }

    private static Marker marker(EventReader in) throws InvalidEventException {
        in.requireObject();
        String name = null;
        Long timestamp = null;
        while (in.nextField()) {
            switch (in.field()) {
                case "name" -> name = in.string();
                case "timestamp" -> timestamp = in.time();
                default -> in.skip();
            }
        }
        return new Marker(in.require("name", name), in.require("timestamp", timestamp));
    }
}
