package io.periodview.streams.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReadCacheTest {

    private static final long TEAM = 7;
    private static final long PERIOD = 1;
    private static final long OTHER = 2;
    private static final long START = 100;
    private static final long END = 200;
    private static final long OUTSIDE = 5_000;
    private static final long OPEN = Long.MAX_VALUE;
    private static final Runnable NO_WRITE = () -> {};

    private final ReadCache cache = new ReadCache(new MemoryBudget(1 << 20));

    @Test
    void unchangedDataKeepsItsVersion() {
        track(TEAM, PERIOD, START, END);
        Shown before = shown();
        assertThat(shown()).isEqualTo(before);
    }

    @Test
    void anActionChangesThePeriodsThatContainIt() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, 150, OPEN);
        assertChanges(160, 160, true, true);
        assertChanges(110, 110, true, false);
        assertChanges(210, 210, false, true);
        assertChanges(50, 50, false, false);
    }

    @Test
    void anActionThatMovesChangesThePeriodsItLeavesAndEnters() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, 300, 400);
        assertChanges(150, 350, true, true);
        assertChanges(350, 150, true, true);
        assertChanges(150, OUTSIDE, true, false);
        assertChanges(OUTSIDE, 350, false, true);
        assertChanges(250, OUTSIDE, false, false);
    }

    @Test
    void aPeriodsStartIsInsideAndItsEndIsNot() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, END, 300);
        assertChanges(START - 1, START - 1, false, false);
        assertChanges(START, START, true, false);
        assertChanges(END - 1, END - 1, true, false);
        assertChanges(END, END, false, true);
        assertChanges(300, 300, false, false);
    }

    @Test
    void aLongPeriodIsFoundBehindShortOnes() {
        track(TEAM, PERIOD, 0, 1_000);
        for (long id = 10; id < 20; id++) {
            track(TEAM, id, id * 10, id * 10 + 5);
        }
        track(TEAM, OTHER, 500, 600);
        assertChanges(700, 700, true, false);
        assertChanges(1_000, 1_000, false, false);
    }

    @Test
    void everyActionChangesAPeriodWithUnknownBounds() {
        version(TEAM, PERIOD);
        track(TEAM, OTHER, START, END);
        assertChanges(OUTSIDE, OUTSIDE, true, false);
        assertChanges(Long.MIN_VALUE, Long.MIN_VALUE, true, false);
        assertChanges(150, 150, true, true);
    }

    @Test
    void anActionDoesNotChangeTheList() {
        track(TEAM, PERIOD, START, END);
        long list = listVersion(TEAM);
        actionChanges(TEAM, 150, 150, NO_WRITE);
        assertThat(listVersion(TEAM)).isEqualTo(list);
    }

    @Test
    void aPeriodChangesItselfAndTheList() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, START, END);
        Shown before = shown();
        periodChanges(TEAM, PERIOD, NO_WRITE);
        assertThat(shown().list).isNotEqualTo(before.list);
        assertThat(shown().period).isNotEqualTo(before.period);
        assertThat(shown().other).isEqualTo(before.other);
    }

    @Test
    void aPeriodThatNobodyReadChangesTheList() {
        long list = listVersion(TEAM);
        periodChanges(TEAM, 99, NO_WRITE);
        assertThat(listVersion(TEAM)).isNotEqualTo(list);
    }

    @Test
    void aChangedPeriodHasUnknownBoundsUntilTheyAreReadAgain() {
        track(TEAM, PERIOD, START, END);
        periodChanges(TEAM, PERIOD, NO_WRITE);
        assertChanges(OUTSIDE, OUTSIDE, true, true);
        track(TEAM, PERIOD, 300, 400);
        track(TEAM, OTHER, 0, 1);
        assertChanges(150, 150, false, false);
        assertChanges(350, 350, true, false);
    }

    @Test
    void boundsReadBeforeAChangeAreIgnored() {
        long version = version(TEAM, PERIOD);
        periodChanges(TEAM, PERIOD, NO_WRITE);
        readBounds(TEAM, PERIOD, version, START, END);
        assertChanges(OUTSIDE, OUTSIDE, true, true);
    }

    @Test
    void boundsAreUsedAlthoughAnActionChangedMeanwhile() {
        long version = version(TEAM, PERIOD);
        actionChanges(TEAM, 150, 150, NO_WRITE);
        readBounds(TEAM, PERIOD, version, START, END);
        track(TEAM, OTHER, 0, 1);
        assertChanges(OUTSIDE, OUTSIDE, false, false);
    }

    @Test
    void aTeamsEventsAreNotAnothers() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, START, END);
        version(8, PERIOD);
        Shown before = shown();
        actionChanges(8, 150, 150, NO_WRITE);
        periodChanges(8, PERIOD, NO_WRITE);
        readBounds(9, PERIOD, Long.MAX_VALUE, 0, 1);
        assertThat(shown()).isEqualTo(before);
    }

    @Test
    void noVersionIsGivenTwiceEvenWhenTooManyAreTracked() {
        Set<Long> given = new HashSet<>();
        for (long team = 1; team <= 50; team++) {
            for (long period = 1; period <= 1_000; period++) {
                assertThat(given.add(version(team, period))).isTrue();
            }
        }
        for (long period = 1; period <= 1_000; period++) {
            assertThat(given.add(version(1, period))).isTrue();
        }
    }

    @Test
    void whatDoesNotExistIsNotTracked() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, START, END);
        Shown before = shown();
        for (long period = 3; period <= 100_000; period++) {
            cache.forget(TEAM, period, version(TEAM, period));
        }
        assertThat(shown()).isEqualTo(before);
        cache.forget(TEAM, PERIOD, version(TEAM, PERIOD));
        assertThat(shown()).as("it exists").isEqualTo(before);
    }

    @Test
    void aTeamThatReadsManyPeriodsForgetsNoneOfOthers() {
        track(TEAM, PERIOD, START, END);
        track(TEAM, OTHER, START, END);
        Shown before = shown();
        Set<Long> given = new HashSet<>();
        for (long period = 1; period <= 30_000; period++) {
            assertThat(given.add(version(8, period))).isTrue();
        }
        assertThat(shown()).isEqualTo(before);
    }

    @Test
    void anEventChangesAllPeriodsThatContainItHoweverManyThereAre() {
        int periods = 1_500;
        for (long period = 1; period <= periods; period++) {
            track(TEAM, period, START, END + period);
        }
        long[] before = new long[periods + 1];
        for (int round = 0; round < 3; round++) {
            for (int period = 1; period <= periods; period++) {
                long now = version(TEAM, period);
                assertThat(now).isGreaterThan(before[period]).isEqualTo(version(TEAM, period));
                before[period] = now;
            }
            actionChanges(TEAM, 150, 150, NO_WRITE);
        }
    }

    @Test
    void aReadDuringAWriteGetsAVersionOfItsOwn() {
        track(TEAM, PERIOD, START, END);
        Set<Long> actions = new HashSet<>();
        Set<Long> lists = new HashSet<>();
        Runnable read = () -> {
            assertThat(actions.add(version(TEAM, PERIOD))).isTrue();
            assertThat(lists.add(listVersion(TEAM))).isTrue();
        };
        read.run();
        actionChanges(TEAM, 150, 150, () -> {
            read.run();
            read.run();
            assertThat(version(8, PERIOD)).isEqualTo(version(8, PERIOD));
        });
        periodChanges(TEAM, PERIOD, () -> {
            read.run();
            read.run();
        });
        read.run();
        assertThat(shown()).as("afterwards").isEqualTo(shown());
    }

    @Test
    @Timeout(60)
    void manyReadersOfManyTeamsDoNotDeadlock() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(8);
        List<Future<?>> reading = new ArrayList<>();
        for (int reader = 0; reader < 8; reader++) {
            Random teams = new Random(reader);
            reading.add(readers.submit(() -> {
                for (int i = 0; i < 500_000; i++) {
                    listVersion(1 + teams.nextInt(1 << 24));
                }
            }));
        }
        for (Future<?> each : reading) {
            each.get();
        }
        readers.shutdown();
    }

    @Test
    void findsThePeriodsThatASimpleSearchFinds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int periods = 12;
        for (int round = 0; round < 500; round++) {
            long[][] bounds = new long[periods][];
            for (int id = 0; id < periods; id++) {
                long start = random.nextInt(30);
                bounds[id] = new long[] {start, random.nextInt(5) == 0 ? OPEN : start + 1 + random.nextInt(20)};
                periodChanges(TEAM, id, NO_WRITE);
                track(TEAM, id, bounds[id][0], bounds[id][1]);
            }
            long[] before = versionsOf(periods);
            long from = random.nextInt(55) - 2;
            long to = random.nextBoolean() ? from : random.nextInt(55) - 2;
            actionChanges(TEAM, from, to, NO_WRITE);
            long[] after = versionsOf(periods);
            for (int id = 0; id < periods; id++) {
                assertThat(after[id] != before[id])
                        .as("seed %d, round %d: %d to %d in %s", seed, round, from, to, Arrays.toString(bounds[id]))
                        .isEqualTo(contains(bounds[id], from) || contains(bounds[id], to));
            }
        }
    }

    private static boolean contains(long[] bounds, long time) {
        return bounds[0] <= time && time < bounds[1];
    }

    private long[] versionsOf(int periods) {
        long[] all = new long[periods];
        Arrays.setAll(all, id -> version(TEAM, id));
        return all;
    }

    private void track(long team, long period, long start, long end) {
        readBounds(team, period, version(team, period), start, end);
    }

    private long version(long team, long period) {
        return cache.period(team, period, true).version();
    }

    private long listVersion(long team) {
        return cache.periods(team).version();
    }

    private void readBounds(long team, long period, long version, long start, long end) {
        try (Scan scan = cache.scan(team, period, version, false)) {
            scan.period(new byte[0], start, end);
        }
    }

    private record Shown(long list, long period, long other) {}

    private Shown shown() {
        return new Shown(listVersion(TEAM), version(TEAM, PERIOD), version(TEAM, OTHER));
    }

    private void actionChanges(long team, long timeBefore, long timeAfter, Runnable write) {
        cache.write(Map.of(team, List.of(new RowChange.Action(timeBefore, timeAfter, 1, () -> new byte[0]))), write);
    }

    private void periodChanges(long team, long period, Runnable write) {
        cache.write(Map.of(team, List.of(new RowChange.Period(period))), write);
    }

    private void assertChanges(long timeBefore, long timeAfter, boolean period, boolean other) {
        Shown before = shown();
        actionChanges(TEAM, timeBefore, timeAfter, NO_WRITE);
        Shown after = shown();
        assertThat(after.period != before.period).as("the period's").isEqualTo(period);
        assertThat(after.other != before.other).as("the other's").isEqualTo(other);
        assertThat(after.list).as("the list's").isEqualTo(before.list);
    }
}
