package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

class StaleTransactionFencerTest {

    private static final String SELF = UUID.randomUUID().toString();
    private static final String OTHER = "dee9deeb-0312-4e5c-81f9-245fd8ed8f5d";
    private static final String THIRD = UUID.randomUUID().toString();

    private final StaleTransactionFencer fencer = new StaleTransactionFencer(Map.of(), "period.view", SELF);

    /** What Kafka Streams makes of an instance's id. */
    private static String member(String process, int thread) {
        StreamsSettings settings =
                new StreamsSettings("period.view", Map.of(), Path.of("state"), new HostInfo("host", 8080), 2, 1);
        return MemberId.of(process, settings) + "-" + thread;
    }

    @Test
    void onlyTransactionsOfOthersOfTheVeryApplicationAreEnded() {
        assertThat(fencer.isAnothers("period.view-" + OTHER + "-1")).isTrue();
        assertThat(fencer.isAnothers("period.view-" + OTHER + "-12")).isTrue();
        assertThat(fencer.isAnothers("period.view-" + SELF + "-1"))
                .as("one's own")
                .isFalse();
        assertThat(fencer.isAnothers("period.view-2-" + OTHER + "-1"))
                .as("a newer one beside it")
                .isFalse();
        assertThat(fencer.isAnothers("period.view-exporter")).isFalse();
        assertThat(fencer.isAnothers("period-view-" + OTHER + "-1")).isFalse();
    }

    @Test
    void aMembersTransactionIsNotEndedAndThatOfAThreadThatIsNoMemberIs() {
        List<String> open = List.of(
                "period.view-" + OTHER + "-1",
                "period.view-" + OTHER + "-2",
                "period.view-" + OTHER + "-12",
                "period.view-" + THIRD + "-1");
        assertThat(fencer.withoutLiving(open, List.of(member(SELF, 1), member(OTHER, 2))))
                .containsExactly(open.get(0), open.get(2), open.get(3));
        assertThat(fencer.withoutLiving(open, List.of())).isEqualTo(open);
    }

    /** Its instance's id is not the process's, or it has none. */
    @Test
    void nothingIsEndedWhileAMemberOfAnOlderVersionMayBeItsOwner() {
        List<String> open = List.of("period.view-" + OTHER + "-1");
        assertThat(fencer.withoutLiving(open, List.of(member(SELF, 1), THIRD + "-f7acbebb-1")))
                .isEmpty();
        assertThat(fencer.withoutLiving(open, Arrays.asList(member(SELF, 1), null)))
                .isEmpty();
    }
}
