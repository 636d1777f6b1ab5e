package io.periodview.streams.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.rules.PeriodIndex.Span;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeriodIndexTest {

    private static final int TIMES = 60;

    @Test
    void startIsInsideAndEndIsNot() {
        PeriodIndex index = PeriodIndex.EMPTY.with(new Span(1, 11, new Bounds(5, 8)));
        assertThat(index.containing(4)).isEmpty();
        assertThat(index.containing(5)).containsExactly(11);
        assertThat(index.containing(7)).containsExactly(11);
        assertThat(index.containing(8)).isEmpty();
    }

    @Test
    void openPeriodContainsAllThatFollows() {
        PeriodIndex index = PeriodIndex.EMPTY.with(new Span(1, 11, new Bounds(5, Bounds.OPEN)));
        assertThat(index.containing(4)).isEmpty();
        assertThat(index.containing(Long.MAX_VALUE - 1)).containsExactly(11);
    }

    @Test
    void givesIncarnationsInTheOrderOfTheirStarts() {
        PeriodIndex index = PeriodIndex.EMPTY
                .with(new Span(3, 33, new Bounds(0, 9)))
                .with(new Span(1, 11, new Bounds(4, 9)))
                .with(new Span(2, 22, new Bounds(2, 9)));
        assertThat(index.containing(5)).containsExactly(33, 22, 11);
    }

    /** Periods come, move and go at random; after each change every time is looked up and compared with a loop. */
    @Test
    void agreesWithLookingAtEveryPeriod() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            Map<Long, Span> all = new TreeMap<>();
            PeriodIndex index = PeriodIndex.EMPTY;
            int ids = 1 + random.nextInt(40);
            for (int step = 0; step < 100; step++) {
                long id = 1 + random.nextInt(ids);
                if (random.nextInt(4) == 0) {
                    all.remove(id);
                    index = index.without(id);
                } else {
                    int start = random.nextInt(TIMES);
                    long end = random.nextInt(8) == 0 ? Bounds.OPEN : start + 1 + random.nextInt(TIMES);
                    Span span = new Span(id, step + 1, new Bounds(start, end));
                    all.put(id, span);
                    index = index.with(span);
                }
                assertThat(index.size()).as("seed %d", seed).isEqualTo(all.size());
                PeriodIndex anew = PeriodIndex.of(all.values());
                for (int time = -1; time < 2 * TIMES + 2; time++) {
                    int at = time;
                    long[] expected = all.values().stream()
                            .filter(span -> span.bounds().start() <= at
                                    && at < span.bounds().end())
                            .mapToLong(Span::incarnation)
                            .toArray();
                    assertThat(index.containing(time)).as("seed %d", seed).containsExactlyInAnyOrder(expected);
                    assertThat(anew.containing(time)).as("seed %d", seed).isEqualTo(index.containing(time));
                }
            }
        }
    }
}
