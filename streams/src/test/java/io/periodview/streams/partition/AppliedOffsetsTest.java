package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppliedOffsetsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final AppliedOffsets positions = new AppliedOffsets(Set.of());

    @Test
    void nothingIsReachedAtFirst() throws InterruptedException {
        assertThat(positions.now()).isEmpty();
        assertThat(positions.await(Map.of(), Duration.ZERO)).isTrue();
        assertThat(positions.await(Map.of("actions", 0L), Duration.ZERO)).isFalse();
    }

    @Test
    void anEventCountsWhenItIsApplied() {
        positions.polled("actions", 0, 5);
        assertThat(positions.now()).isEmpty();
        apply(positions, "actions", 3);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 3L));
        apply(positions, "actions", 5);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 5L));
    }

    @Test
    void anEventThatIsTakenCountsWhenItIsApplied() {
        positions.polled("actions", 4, 5);
        positions.consumerAt("actions", 6);
        assertThat(positions.taken("actions", 4)).as("the last at hand").isFalse();
        assertThat(positions.taken("actions", 5)).as("the last at hand").isTrue();
        assertThat(positions.now()).isEqualTo(Map.of("actions", 3L));
        positions.applied();
        assertThat(positions.now()).isEqualTo(Map.of("actions", 5L));
    }

    @Test
    void theLastAtHandIsTheLastOfAllTopics() {
        positions.polled("actions", 0, 5);
        positions.polled("periods", 0, 8);
        assertThat(positions.taken("actions", 5)).isFalse();
        assertThat(positions.taken("periods", 8)).isTrue();
        positions.polled("actions", 6, 9);
        assertThat(positions.taken("actions", 8)).isFalse();
        assertThat(positions.taken("actions", 9)).isTrue();
    }

    @Test
    void offsetsWithoutAnEventWaitForTheEventsBeforeThem() {
        positions.polled("actions", 0, 5);
        positions.consumerAt("actions", 9);
        assertThat(positions.now()).isEmpty();
        apply(positions, "actions", 4);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 4L));
        apply(positions, "actions", 5);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 8L));
    }

    @Test
    void offsetsWithoutAnEventCountOnceTheConsumerIsPastThem() {
        positions.polled("actions", 0, 5);
        positions.consumerAt("actions", 6);
        apply(positions, "actions", 5);
        positions.consumerAt("actions", 12);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 11L));
    }

    @Test
    void anOwnerThatBeginsWhereAnotherEndedHasWhatThatOneHad() {
        positions.consumerAt("actions", 40);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 39L));
    }

    @Test
    void whatWasReachedStaysSoWhenMoreComes() throws InterruptedException {
        positions.consumerAt("actions", 40);
        positions.polled("actions", 40, 45);
        positions.consumerAt("actions", 46);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 39L));
        assertThat(positions.await(Map.of("actions", 39L), Duration.ZERO)).isTrue();
        positions.polled("actions", 46, 50);
        assertThat(positions.now()).as("45 is not applied").isEqualTo(Map.of("actions", 39L));
        apply(positions, "actions", 50);
        positions.consumerAt("actions", 60);
        positions.polled("actions", 62, 70);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 61L));
    }

    @Test
    void whatIsBeforeTheFirstEventIsReached() {
        positions.polled("actions", 40, 45);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 39L));
    }

    @Test
    void anEmptyTopicHasNoPosition() {
        assertThat(positions.isInitialized("actions")).isFalse();
        positions.consumerAt("actions", 0);
        assertThat(positions.isInitialized("actions")).isTrue();
        assertThat(positions.now()).isEmpty();
    }

    @Test
    void itIsNotKnownWhereTheConsumerGoesOn_beforeItSays() {
        positions.polled("actions", 0, 5);
        apply(positions, "actions", 5);
        assertThat(positions.isInitialized("actions")).isFalse();
    }

    @Test
    void eachTopicHasItsOwn() throws InterruptedException {
        positions.polled("actions", 0, 5);
        apply(positions, "actions", 5);
        positions.consumerAt("periods", 3);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 5L, "periods", 2L));
        assertThat(positions.await(Map.of("actions", 5L, "periods", 2L), Duration.ZERO))
                .isTrue();
        assertThat(positions.await(Map.of("actions", 5L, "periods", 3L), Duration.ZERO))
                .isFalse();
        assertThat(positions.await(Map.of("actions", 5L, "others", 0L), Duration.ZERO))
                .isFalse();
    }

    @Test
    void whoWaitsIsWokenWhenAllIsReached() {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L, "periods", 2L));
        positions.polled("actions", 0, 5);
        apply(positions, "actions", 5);
        assertThat(waiter).isNotDone();
        positions.consumerAt("periods", 3);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsWokenByAnAppliedEvent() {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        positions.polled("actions", 0, 5);
        apply(positions, "actions", 5);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsToldWhenThePartitionIsLost() throws InterruptedException {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        positions.consumerAt("actions", 3);
        positions.end();
        assertThat(waiter.join()).isFalse();
        assertThat(positions.await(Map.of("actions", 2L), LONG)).isFalse();
    }

    @Test
    void whoWaitsTooLongIsToldSo() throws InterruptedException {
        long before = System.nanoTime();
        assertThat(positions.await(Map.of("actions", 5L), Duration.ofMillis(30)))
                .isFalse();
        assertThat(System.nanoTime() - before)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    /** Returns when it really waits, for only then does it need to be woken. */
    private CompletableFuture<Boolean> waiter(Map<String, Long> wanted) {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                reached.complete(positions.await(wanted, LONG));
            } catch (InterruptedException e) {
                reached.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return reached;
    }

    @Test
    void areKnownWhenItIsKnownOfEveryTopicWhereTheConsumerGoesOn() {
        AppliedOffsets of = new AppliedOffsets(Set.of("actions", "periods"));
        assertThat(of.isInitialized()).isFalse();
        of.consumerAt("actions", 7);
        apply(of, "periods", 3);
        assertThat(of.isInitialized()).as("applied is not where it goes on").isFalse();
        of.consumerAt("periods", 0);
        assertThat(of.isInitialized()).isTrue();
        assertThat(new AppliedOffsets(Set.of()).isInitialized()).isTrue();
    }

    private static void apply(AppliedOffsets of, String topic, long offset) {
        of.taken(topic, offset);
        of.applied();
    }
}
