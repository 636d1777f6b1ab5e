package io.periodview.streams.domain;

import io.periodview.topics.IsoTime;
import io.periodview.topics.Marker;
import io.periodview.topics.PeriodEvent;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A period as it stands after its last event. Times are milliseconds since the epoch.
 *
 * @param incarnation unique within the team, new whenever the period is created again after a deletion; the ids of its
 *     period actions are made with it, so that a period created again starts afresh
 * @param revision counts the changes of this incarnation, so that a reader can tell that nothing happened in between
 * @param firstSeen the record timestamp of the incarnation's first event
 * @param markers ordered by timestamp
 */
public record Period(
        long id,
        long incarnation,
        long revision,
        long firstSeen,
        TimeRange bounds,
        String name,
        long createdAt,
        long updatedAt,
        List<Marker> markers) {

    /** What an event needs to know of the period that it changes. */
    public record Identity(long incarnation, long revision, long firstSeen) {}

    /**
     * The period after an event, in its next revision, which counts if anything else is different from before.
     *
     * @param before what is stored, or null if the period does not exist
     * @param timestamp the record's
     * @param incarnations gives the number of a new incarnation
     */
    public static Period upsert(
            @Nullable Identity before, long id, PeriodEvent event, long timestamp, LongSupplier incarnations) {
        // A record can have any timestamp that its topic lets in; what is served has four digits for the year.
        long seen = Math.min(timestamp, IsoTime.MAX);
        long firstSeen = before == null ? seen : before.firstSeen;
        return new Period(
                id,
                before == null ? incarnations.getAsLong() : before.incarnation,
                before == null ? 1 : before.revision + 1,
                firstSeen,
                TimeRange.of(event.startDate(), event.endDate()),
                event.name(),
                event.createdAt() == null ? firstSeen : event.createdAt(),
                event.updatedAt() == null ? seen : event.updatedAt(),
                event.markers());
    }
}
