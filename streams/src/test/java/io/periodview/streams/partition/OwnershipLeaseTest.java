package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnershipLeaseTest {

    private static final long HALF_SESSION = Duration.ofSeconds(5).toNanos();

    /** Begins where the difference to later readings overflows, as System.nanoTime may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    private final OwnershipLease polls = new OwnershipLease(Duration.ofSeconds(10), now::get);

    @Test
    void isSureForHalfASessionAfterItsLastPoll() {
        assertThat(polls.isOwnershipConfirmed()).isTrue();
        now.addAndGet(HALF_SESSION);
        assertThat(polls.isOwnershipConfirmed()).isTrue();
        polls.polled(1);
        now.addAndGet(HALF_SESSION);
        assertThat(polls.isOwnershipConfirmed()).isTrue();
        now.addAndGet(1);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
    }

    @Test
    void polledInTimeItNeedsNoHeartbeat() {
        for (int i = 0; i < 5; i++) {
            now.addAndGet(HALF_SESSION);
            polls.polled(0);
            assertThat(polls.isOwnershipConfirmed()).isTrue();
        }
    }

    @Test
    void afterALongSilenceItIsSureOnceTheGroupHasAnsweredTwoHeartbeats() {
        polls.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(7);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(8);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(9);
        assertThat(polls.isOwnershipConfirmed()).isTrue();
    }

    @Test
    void heartbeatsOfBeforeTheSilenceDoNotCount() {
        polls.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(50);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(51);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(52);
        assertThat(polls.isOwnershipConfirmed()).isTrue();
    }

    @Test
    void silentAgainWhileInDoubtItBeginsAnew() {
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(0);
        polls.polled(1);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(2);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(3);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
        polls.polled(4);
        assertThat(polls.isOwnershipConfirmed()).isTrue();
    }

    @Test
    void silentWhileInDoubtItIsNotSureEither() {
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(0);
        now.addAndGet(HALF_SESSION + 1);
        assertThat(polls.isOwnershipConfirmed()).isFalse();
    }
}
