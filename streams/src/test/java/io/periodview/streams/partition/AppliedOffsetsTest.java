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

    private final AppliedOffsets offsets = new AppliedOffsets(Set.of());

    @Test
    void nothingIsReachedAtFirst() throws InterruptedException {
        assertThat(offsets.current()).isEmpty();
        assertThat(offsets.await(Map.of(), Duration.ZERO)).isTrue();
        assertThat(offsets.await(Map.of("actions", 0L), Duration.ZERO)).isFalse();
    }

    @Test
    void anEventCountsWhenItIsApplied() {
        offsets.polled("actions", 0, 5);
        assertThat(offsets.current()).isEmpty();
        apply(offsets, "actions", 3);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 3L));
        apply(offsets, "actions", 5);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 5L));
    }

    @Test
    void aBufferedEventCountsWhenItIsApplied() {
        offsets.polled("actions", 4, 5);
        offsets.consumerAt("actions", 6);
        assertThat(offsets.buffered("actions", 4))
                .as("the last that was fetched")
                .isFalse();
        assertThat(offsets.buffered("actions", 5))
                .as("the last that was fetched")
                .isTrue();
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 3L));
        offsets.applied();
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 5L));
    }

    @Test
    void theLastFetchedIsTheLastOfAllTopics() {
        offsets.polled("actions", 0, 5);
        offsets.polled("periods", 0, 8);
        assertThat(offsets.buffered("actions", 5)).isFalse();
        assertThat(offsets.buffered("periods", 8)).isTrue();
        offsets.polled("actions", 6, 9);
        assertThat(offsets.buffered("actions", 8)).isFalse();
        assertThat(offsets.buffered("actions", 9)).isTrue();
    }

    @Test
    void offsetsWithoutAnEventWaitForTheEventsBeforeThem() {
        offsets.polled("actions", 0, 5);
        offsets.consumerAt("actions", 9);
        assertThat(offsets.current()).isEmpty();
        apply(offsets, "actions", 4);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 4L));
        apply(offsets, "actions", 5);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 8L));
    }

    @Test
    void offsetsWithoutAnEventCountOnceTheConsumerIsPastThem() {
        offsets.polled("actions", 0, 5);
        offsets.consumerAt("actions", 6);
        apply(offsets, "actions", 5);
        offsets.consumerAt("actions", 12);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 11L));
    }

    @Test
    void aNewOwnerHasThePositionOfTheOneBefore() {
        offsets.consumerAt("actions", 40);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 39L));
    }

    @Test
    void aReachedPositionStaysReachedWhenMoreComes() throws InterruptedException {
        offsets.consumerAt("actions", 40);
        offsets.polled("actions", 40, 45);
        offsets.consumerAt("actions", 46);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 39L));
        assertThat(offsets.await(Map.of("actions", 39L), Duration.ZERO)).isTrue();
        offsets.polled("actions", 46, 50);
        assertThat(offsets.current()).as("45 is not applied").isEqualTo(Map.of("actions", 39L));
        apply(offsets, "actions", 50);
        offsets.consumerAt("actions", 60);
        offsets.polled("actions", 62, 70);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 61L));
    }

    @Test
    void whatIsBeforeTheFirstEventIsReached() {
        offsets.polled("actions", 40, 45);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 39L));
    }

    @Test
    void anEmptyTopicHasNoPosition() {
        assertThat(offsets.isInitialized("actions")).isFalse();
        offsets.consumerAt("actions", 0);
        assertThat(offsets.isInitialized("actions")).isTrue();
        assertThat(offsets.current()).isEmpty();
    }

    @Test
    void itIsNotInitializedBeforeTheConsumersPositionIsKnown() {
        offsets.polled("actions", 0, 5);
        apply(offsets, "actions", 5);
        assertThat(offsets.isInitialized("actions")).isFalse();
    }

    @Test
    void eachTopicHasItsOwn() throws InterruptedException {
        offsets.polled("actions", 0, 5);
        apply(offsets, "actions", 5);
        offsets.consumerAt("periods", 3);
        assertThat(offsets.current()).isEqualTo(Map.of("actions", 5L, "periods", 2L));
        assertThat(offsets.await(Map.of("actions", 5L, "periods", 2L), Duration.ZERO))
                .isTrue();
        assertThat(offsets.await(Map.of("actions", 5L, "periods", 3L), Duration.ZERO))
                .isFalse();
        assertThat(offsets.await(Map.of("actions", 5L, "others", 0L), Duration.ZERO))
                .isFalse();
    }

    @Test
    void whoWaitsIsWokenWhenAllIsReached() {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L, "periods", 2L));
        offsets.polled("actions", 0, 5);
        apply(offsets, "actions", 5);
        assertThat(waiter).isNotDone();
        offsets.consumerAt("periods", 3);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsWokenByAnAppliedEvent() {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        offsets.polled("actions", 0, 5);
        apply(offsets, "actions", 5);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsToldWhenThePartitionIsLost() throws InterruptedException {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        offsets.consumerAt("actions", 3);
        offsets.close();
        assertThat(waiter.join()).isFalse();
        assertThat(offsets.await(Map.of("actions", 2L), LONG)).isFalse();
    }

    @Test
    void whoWaitsTooLongIsToldSo() throws InterruptedException {
        long before = System.nanoTime();
        assertThat(offsets.await(Map.of("actions", 5L), Duration.ofMillis(30))).isFalse();
        assertThat(System.nanoTime() - before)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    /** Returns when it really waits, for only then does it need to be woken. */
    private CompletableFuture<Boolean> waiter(Map<String, Long> wanted) {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                reached.complete(offsets.await(wanted, LONG));
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
    void isInitializedOnceEveryTopicHasAConsumerPosition() {
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
        of.buffered(topic, offset);
        of.applied();
    }
}
