package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StaleTransactionFencerTest {

    private static final String INSTANCE = "dee9deeb-0312-4e5c-81f9-245fd8ed8f5d";

    @Test
    void onlyTransactionsOfTheVeryApplicationAreEnded() {
        try (StaleTransactionFencer fencing = new StaleTransactionFencer(Map.of(), "period.view")) {
            assertThat(fencing.isOurs("period.view-" + INSTANCE + "-1")).isTrue();
            assertThat(fencing.isOurs("period.view-" + INSTANCE + "-12")).isTrue();
            assertThat(fencing.isOurs("period.view-2-" + INSTANCE + "-1"))
                    .as("a newer one beside it")
                    .isFalse();
            assertThat(fencing.isOurs("period.view-exporter")).isFalse();
            assertThat(fencing.isOurs("period-view-" + INSTANCE + "-1")).isFalse();
        }
    }
}
