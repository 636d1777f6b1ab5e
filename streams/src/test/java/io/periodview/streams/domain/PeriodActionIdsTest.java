package io.periodview.streams.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodActionIdsTest {

    private record Pair(long actionNumber, long incarnation) {}

    @Test
    void theFirstAreSmall() {
        assertThat(new PeriodActionIds(1).of(1)).isEqualTo(256);
        assertThat(new PeriodActionIds(2).of(1)).isEqualTo(257);
        assertThat(new PeriodActionIds(128).of(1)).isEqualTo(256 + 127);
        assertThat(new PeriodActionIds(129).of(1)).isEqualTo(0x1_01_80);
        assertThat(new PeriodActionIds(16_385).of(3)).isEqualTo(0x3_01_80_80);
    }

    @Test
    void everyPairHasItsOwn() {
        Map<Long, Pair> owners = new HashMap<>();
        for (long incarnation = 1; incarnation <= 20_000; incarnation += incarnation < 300 ? 1 : 61) {
            for (long actionNumber = 1; actionNumber <= 1_000; actionNumber++) {
                check(owners, new Pair(actionNumber, incarnation));
            }
        }
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500_000; i++) {
            long incarnation = 1 + (random.nextLong() >>> 36 + random.nextInt(28));
            check(owners, new Pair(1 + (random.nextLong() >>> 33 + random.nextInt(31)), incarnation));
        }
    }

    private static void check(Map<Long, Pair> owners, Pair pair) {
        long id = new PeriodActionIds(pair.incarnation).of(pair.actionNumber);
        assertThat(id).as("%s", pair).isPositive();
        Pair other = owners.putIfAbsent(id, pair);
        assertThat(other == null || other.equals(pair))
                .as("%s and %s have the id %d", pair, other, id)
                .isTrue();
    }

    @Test
    void whatDoesNotFitIsNoId() {
        PeriodActionIds ids = new PeriodActionIds(1L << 28);
        assertThat(ids.of((1L << 31) - 1)).isPositive();
        assertThatThrownBy(() -> ids.of(1L << 31)).hasMessageContaining("Action number 2147483648");
    }
}
