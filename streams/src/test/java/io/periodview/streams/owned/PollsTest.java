package io.periodview.streams.owned;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PollsTest {

    private static final long HALF_SESSION = Duration.ofSeconds(5).toNanos();

    /** Begins where the difference to later readings overflows, as System.nanoTime may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    private final Polls polls = new Polls(Duration.ofSeconds(10), now::get);

    @Test
    void isSureForHalfASessionAfterItsLastPoll() {
        assertThat(polls.isSure()).isTrue();
        now.addAndGet(HALF_SESSION);
        assertThat(polls.isSure()).isTrue();
        polls.polled(1);
        now.addAndGet(HALF_SESSION);
        assertThat(polls.isSure()).isTrue();
        now.addAndGet(1);
        assertThat(polls.isSure()).isFalse();
    }

    @Test
    void polledInTimeItNeedsNoHeartbeat() {
        for (int i = 0; i < 5; i++) {
            now.addAndGet(HALF_SESSION);
            polls.polled(0);
            assertThat(polls.isSure()).isTrue();
        }
    }

    @Test
    void afterALongSilenceItIsSureOnceTheGroupHasAnsweredTwoHeartbeats() {
        polls.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(7);
        assertThat(polls.isSure()).isFalse();
        polls.polled(8);
        assertThat(polls.isSure()).isFalse();
        polls.polled(9);
        assertThat(polls.isSure()).isTrue();
    }

    @Test
    void heartbeatsOfBeforeTheSilenceDoNotCount() {
        polls.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(50);
        assertThat(polls.isSure()).isFalse();
        polls.polled(51);
        assertThat(polls.isSure()).isFalse();
        polls.polled(52);
        assertThat(polls.isSure()).isTrue();
    }

    @Test
    void silentAgainWhileInDoubtItBeginsAnew() {
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(0);
        polls.polled(1);
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(2);
        assertThat(polls.isSure()).isFalse();
        polls.polled(3);
        assertThat(polls.isSure()).isFalse();
        polls.polled(4);
        assertThat(polls.isSure()).isTrue();
    }

    @Test
    void silentWhileInDoubtItIsNotSureEither() {
        now.addAndGet(HALF_SESSION + 1);
        polls.polled(0);
        now.addAndGet(HALF_SESSION + 1);
        assertThat(polls.isSure()).isFalse();
    }
}
