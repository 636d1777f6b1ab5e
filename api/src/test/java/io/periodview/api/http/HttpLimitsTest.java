package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpLimitsTest {

    private static final long MIB = 1 << 20;

    @Test
    void connectionsTakeASixteenthOfTheHeapWithinBounds() {
        assertThat(HttpLimits.ofHeap(64 * MIB).connections()).isEqualTo(256);
        assertThat(HttpLimits.ofHeap(1_024 * MIB).connections())
                .isEqualTo((int) (64 * MIB / HttpLimits.BYTES_PER_CONNECTION))
                .isEqualTo(682);
        assertThat(HttpLimits.ofHeap(1_024 * 1_024 * MIB).connections()).isEqualTo(8_192);
    }
}
