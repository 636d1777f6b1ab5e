package io.periodview.streams.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.topics.IsoTime;
import io.periodview.topics.Marker;
import io.periodview.topics.PeriodEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DomainTest {

    private final AtomicLong last = new AtomicLong(100);
    private final LongSupplier numbers = last::incrementAndGet;

    @Test
    void boundsWithoutInsideAreNone() {
        assertThatThrownBy(() -> new TimeRange(5, 5)).hasMessage("The end 5 is not after the start 5");
    }

    @Test
    void lastMarkerAtOrBeforeCountsAndOfEqualOnesTheLater() {
        long[] timestamps = {10, 20, 20, 30};
        assertThat(Markers.lastAtOrBefore(timestamps, 9)).isEqualTo(Markers.NONE);
        assertThat(Markers.lastAtOrBefore(timestamps, 10)).isZero();
        assertThat(Markers.lastAtOrBefore(timestamps, 19)).isZero();
        assertThat(Markers.lastAtOrBefore(timestamps, 20)).isEqualTo(2);
        assertThat(Markers.lastAtOrBefore(timestamps, 99)).isEqualTo(3);
        assertThat(Markers.lastAtOrBefore(new long[0], 99)).isEqualTo(Markers.NONE);
    }

    @Test
    void newPeriodHasAnIncarnationAndTakesMissingTimesFromItsRecord() {
        Period period = Period.upsert(null, 7, event(null, null), 5_000, numbers);
        assertThat(period.incarnation()).isEqualTo(101);
        assertThat(period.bounds()).isEqualTo(new TimeRange(10, TimeRange.OPEN_ENDED));
        assertThat(period.createdAt()).isEqualTo(5_000);
        assertThat(period.updatedAt()).isEqualTo(5_000);
    }

    @Test
    void aRecordFromAfterTheYear9999IsServedAsItsEnd() {
        Period period = Period.upsert(null, 7, event(null, null), Long.MAX_VALUE, numbers);
        assertThat(period.createdAt()).isEqualTo(IsoTime.MAX);
        assertThat(period.updatedAt()).isEqualTo(IsoTime.MAX);
    }

    @Test
    void changedPeriodKeepsItsIncarnationAndItsFirstRecordsTimestamp() {
        Period.Identity before = new Period.Identity(42, 3, 5_000);
        Period period = Period.upsert(before, 7, event(15L, null), 6_000, numbers);
        assertThat(period.incarnation()).isEqualTo(42);
        assertThat(period.createdAt()).isEqualTo(5_000);
        assertThat(period.updatedAt()).isEqualTo(6_000);
        assertThat(period.revision()).isEqualTo(4);
        assertThat(last).as("numbers handed out").hasValue(100);
    }

    @Test
    void timesOfTheEventWin() {
        Period period = Period.upsert(null, 7, event(null, 77L), 5_000, numbers);
        assertThat(period.createdAt()).isEqualTo(77);
        assertThat(period.updatedAt()).isEqualTo(77);
    }

    private static PeriodEvent event(@Nullable Long end, @Nullable Long at) {
        return new PeriodEvent("P", 10, end, at, at, List.of(new Marker("M", 12)));
    }
}
