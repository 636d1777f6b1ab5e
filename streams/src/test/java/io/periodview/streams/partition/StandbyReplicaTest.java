package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StandbyReplicaTest {

    private final StandbyReplica replica = new StandbyReplica(false);

    @Test
    void aReplicaThatNeverCaughtUpIsNotRead() {
        assertThat(replica.snapshot()).isNull();
        replica.opened(new NoRows());
        assertThat(replica.snapshot()).isNull();
        replica.updateLag(7, true);
        assertThat(replica.snapshot()).isNull();
    }

    @Test
    void aReplicaThatCaughtUpOnceReportsItsLag() {
        replica.opened(new NoRows());
        replica.updateLag(0, true);
        assertThat(lag()).isZero();
        replica.updateLag(7, true);
        assertThat(lag()).isEqualTo(7);
        replica.updateLag(2, true);
        assertThat(lag()).isEqualTo(2);
    }

    @Test
    void aReopenedReplicaMustCatchUpAgain() {
        replica.opened(new NoRows());
        replica.updateLag(0, true);
        StandbyReplica.Snapshot before = replica.snapshot();
        replica.opened(new NoRows());
        assertThat(replica.snapshot()).isNull();
        replica.updateLag(7, true);
        assertThat(replica.snapshot()).isNull();
        replica.updateLag(0, true);
        assertThat(replica.snapshot()).isNotEqualTo(before);
    }

    @Test
    void whileItStaysOpenItsGenerationIsTheSame() {
        replica.opened(new NoRows());
        replica.updateLag(0, true);
        int generation = Objects.requireNonNull(replica.snapshot()).generation();
        replica.updateLag(3, true);
        assertThat(Objects.requireNonNull(replica.snapshot()).generation()).isEqualTo(generation);
    }

    @Test
    void onlyAReplicaThatABrokerHasJustAnsweredIsComplete() {
        replica.opened(new NoRows());
        replica.updateLag(0, false);
        assertThat(isComplete()).as("no answer yet").isFalse();
        replica.updateLag(1, true);
        assertThat(isComplete()).as("behind").isFalse();
        replica.updateLag(0, true);
        assertThat(isComplete()).isTrue();
        replica.updateLag(0, false);
        assertThat(isComplete()).as("looked at more often than brokers answer").isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            replica.updateLag(0, false); // cut off: it reports what it heard last
            return !isComplete();
        });
        assertThat(lag()).as("it can still be read").isZero();
    }

    private boolean isComplete() {
        return Objects.requireNonNull(replica.snapshot()).isComplete();
    }

    private long lag() {
        return Objects.requireNonNull(replica.snapshot()).lag();
    }
}
