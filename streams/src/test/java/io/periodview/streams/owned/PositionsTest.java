package io.periodview.streams.owned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PositionsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Positions positions = new Positions(Set.of());

    @Test
    void theLastEventOfAPollIsKnown() {
        Positions positions = new Positions(Set.of());
        positions.polled("actions", 5);
        assertThat(positions.applied("actions", 4)).isFalse();
        assertThat(positions.applied("periods", 5)).isFalse();
        assertThat(positions.applied("actions", 5)).isTrue();
    }

    @Test
    void nothingIsReachedAtFirst() throws InterruptedException {
        assertThat(positions.now()).isEmpty();
        assertThat(positions.await(Map.of(), Duration.ZERO)).isTrue();
        assertThat(positions.await(Map.of("actions", 0L), Duration.ZERO)).isFalse();
    }

    @Test
    void anEventCountsWhenItIsApplied() {
        positions.polled("actions", 5);
        assertThat(positions.now()).isEmpty();
        positions.applied("actions", 3);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 3L));
        positions.applied("actions", 5);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 5L));
    }

    @Test
    void offsetsWithoutAnEventWaitForTheEventsBeforeThem() {
        positions.polled("actions", 5);
        positions.goesOnAt("actions", 9);
        assertThat(positions.now()).isEmpty();
        positions.applied("actions", 4);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 4L));
        positions.applied("actions", 5);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 8L));
    }

    @Test
    void offsetsWithoutAnEventCountOnceTheConsumerIsPastThem() {
        positions.polled("actions", 5);
        positions.goesOnAt("actions", 6);
        positions.applied("actions", 5);
        positions.goesOnAt("actions", 12);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 11L));
    }

    @Test
    void anOwnerThatBeginsWhereAnotherEndedHasWhatThatOneHad() {
        positions.goesOnAt("actions", 40);
        assertThat(positions.now()).isEqualTo(Map.of("actions", 39L));
    }

    @Test
    void anEmptyTopicHasNoPosition() {
        assertThat(positions.isKnown("actions")).isFalse();
        positions.goesOnAt("actions", 0);
        assertThat(positions.isKnown("actions")).isTrue();
        assertThat(positions.now()).isEmpty();
    }

    @Test
    void itIsNotKnownWhereTheConsumerGoesOn_beforeItSays() {
        positions.polled("actions", 5);
        positions.applied("actions", 5);
        assertThat(positions.isKnown("actions")).isFalse();
    }

    @Test
    void eachTopicHasItsOwn() throws InterruptedException {
        positions.polled("actions", 5);
        positions.applied("actions", 5);
        positions.goesOnAt("periods", 3);
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
        positions.polled("actions", 5);
        positions.applied("actions", 5);
        assertThat(waiter).isNotDone();
        positions.goesOnAt("periods", 3);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsWokenByAnAppliedEvent() {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        positions.polled("actions", 5);
        positions.applied("actions", 5);
        assertThat(waiter.join()).isTrue();
    }

    @Test
    void whoWaitsIsToldWhenThePartitionIsLost() throws InterruptedException {
        CompletableFuture<Boolean> waiter = waiter(Map.of("actions", 5L));
        positions.goesOnAt("actions", 3);
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
        Positions of = new Positions(Set.of("actions", "periods"));
        assertThat(of.areKnown()).isFalse();
        of.goesOnAt("actions", 7);
        of.applied("periods", 3);
        assertThat(of.areKnown()).as("applied is not where it goes on").isFalse();
        of.goesOnAt("periods", 0);
        assertThat(of.areKnown()).isTrue();
        assertThat(new Positions(Set.of()).areKnown()).isTrue();
    }
}
