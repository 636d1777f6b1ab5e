package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnershipLeaseTest {

    private static final long HALF_SESSION = Duration.ofSeconds(5).toNanos();

    /** Begins where the difference to later readings overflows, as System.nanoTime may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    private final OwnershipLease lease = new OwnershipLease(Duration.ofSeconds(10), now::get);

    @Test
    void isValidForHalfASessionAfterItsLastPoll() {
        assertThat(lease.isValid()).isTrue();
        now.addAndGet(HALF_SESSION);
        assertThat(lease.isValid()).isTrue();
        lease.polled(1);
        now.addAndGet(HALF_SESSION);
        assertThat(lease.isValid()).isTrue();
        now.addAndGet(1);
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void regularPollsNeedNoHeartbeat() {
        for (int i = 0; i < 5; i++) {
            now.addAndGet(HALF_SESSION);
            lease.polled(0);
            assertThat(lease.isValid()).isTrue();
        }
    }

    @Test
    void afterALongGapItIsValidOnceTheGroupHasAnsweredTwoHeartbeats() {
        lease.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        lease.polled(7);
        assertThat(lease.isValid()).isFalse();
        lease.polled(8);
        assertThat(lease.isValid()).isFalse();
        lease.polled(9);
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void heartbeatsFromBeforeTheGapDoNotCount() {
        lease.polled(7);
        now.addAndGet(HALF_SESSION + 1);
        lease.polled(50);
        assertThat(lease.isValid()).isFalse();
        lease.polled(51);
        assertThat(lease.isValid()).isFalse();
        lease.polled(52);
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void aSecondGapRestartsTheLeaseCheck() {
        now.addAndGet(HALF_SESSION + 1);
        lease.polled(0);
        lease.polled(1);
        now.addAndGet(HALF_SESSION + 1);
        lease.polled(2);
        assertThat(lease.isValid()).isFalse();
        lease.polled(3);
        assertThat(lease.isValid()).isFalse();
        lease.polled(4);
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void aSecondGapDoesNotMakeItValid() {
        now.addAndGet(HALF_SESSION + 1);
        lease.polled(0);
        now.addAndGet(HALF_SESSION + 1);
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void aPauseIsOverdueAsLongAsItLastsAndWhenNoHeartbeatFollows() {
        now.addAndGet(HALF_SESSION);
        assertThat(lease.isOverdue()).isFalse();
        now.addAndGet(1);
        assertThat(lease.isOverdue()).isTrue();
        lease.polled(0);
        assertThat(lease.isOverdue()).as("the group is being asked").isFalse();
        assertThat(lease.isValid()).isFalse();
        now.addAndGet(HALF_SESSION / 2 + 1);
        lease.polled(1);
        assertThat(lease.isOverdue()).as("it has not answered").isTrue();
        lease.polled(2);
        assertThat(lease.isOverdue()).isFalse();
        assertThat(lease.isValid()).isTrue();
    }
}
