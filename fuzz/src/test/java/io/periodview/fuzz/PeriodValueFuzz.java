package io.periodview.fuzz;

import io.periodview.streams.domain.Period;
import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.Change.PeriodChanged;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.store.PeriodRow;
import io.periodview.topics.EventKey;
import io.periodview.topics.IsoTime;
import io.periodview.topics.ParseResult;
import io.periodview.topics.ParseResult.Parsed;
import io.periodview.topics.ParseResult.Rejected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of {@code periods}: what is taken, and what is then served. */
public final class PeriodValueFuzz {

    private static final EventKey KEY = new EventKey(7, 1);
    private static final List<String> MEMBERS =
            List.of("id", "name", "start_date", "end_date", "created_at", "updated_at", "markers");

    private PeriodValueFuzz() {}

    public static void fuzzerTestOneInput(byte[] value) {
        long timestamp = timestamp(value);
        @Nullable Map<String, Object> expected = EventModel.period(KEY.id(), value, Math.min(timestamp, IsoTime.MAX));
        ParseResult<Change> result = EventDecoder.decode(EventDecoder.Kind.PERIODS, KEY.toBytes(), value, timestamp);
        if (result instanceof Rejected<Change> rejected) {
            Property.isOneLine(rejected.rejection());
            Property.equal(null, expected, "What " + rejected.rejection() + " refuses");
            return;
        }
        PeriodChanged change = (PeriodChanged) ((Parsed<Change>) result).value();
        Period period = Period.upsert(null, KEY.id(), change.event(), timestamp, () -> 1);
        PeriodRow row = PeriodRow.of(PeriodRow.encode(period));
        Map<?, ?> served = Served.object(row.served());
        Property.equal(expected, served, "The period");
        Property.equal(MEMBERS, new ArrayList<>(served.keySet()), "The members, in their order");
        Property.equal(served.get("name"), Served.value(row.name()), "The name for actions");
        List<Object> names = new ArrayList<>();
        for (byte[] name : row.markerNames()) {
            names.add(Served.value(name));
        }
        List<Object> times = new ArrayList<>();
        Arrays.stream(row.markerTimestamps()).mapToObj(IsoTime::format).forEach(times::add);
        List<Object> expectedNames = new ArrayList<>();
        List<Object> expectedTimes = new ArrayList<>();
        for (Object marker : (List<?>) Property.found(served.get("markers"), "markers")) {
            expectedNames.add(((Map<?, ?>) marker).get("name"));
            expectedTimes.add(((Map<?, ?>) marker).get("timestamp"));
        }
        Property.equal(expectedNames, names, "The markers' names for actions");
        Property.equal(expectedTimes, times, "The markers' times for actions");
    }

    /** Any that a record can have, most of them before the year 10000. */
    private static long timestamp(byte[] value) {
        int hash = Arrays.hashCode(value);
        return hash % 8 == 0 ? Long.MAX_VALUE - (hash & 0xFFFF) : (hash & 0x7FFF_FFFFL) * 1_000;
    }
}
