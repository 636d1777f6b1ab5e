package io.periodview.streams.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StandbyReplicaTest {

    private final StandbyReplica copy = new StandbyReplica();

    @Test
    void aCopyThatWasNeverWholeShowsNothing() {
        assertThat(copy.look()).isNull();
        copy.opened();
        assertThat(copy.look()).isNull();
        copy.isBehind(7, true);
        assertThat(copy.look()).isNull();
    }

    @Test
    void aCopyThatWasWholeSaysHowFarItIsBehind() {
        copy.opened();
        copy.isBehind(0, true);
        assertThat(lag()).isZero();
        copy.isBehind(7, true);
        assertThat(lag()).isEqualTo(7);
        copy.isBehind(2, true);
        assertThat(lag()).isEqualTo(2);
    }

    @Test
    void aCopyThatIsOpenedAnewMustBecomeWholeAgain() {
        copy.opened();
        copy.isBehind(0, true);
        StandbyReplica.Look before = copy.look();
        copy.opened();
        assertThat(copy.look()).isNull();
        copy.isBehind(7, true);
        assertThat(copy.look()).isNull();
        copy.isBehind(0, true);
        assertThat(copy.look()).isNotEqualTo(before);
    }

    @Test
    void asLongAsItStaysOpenItIsTheSameCopy() {
        copy.opened();
        copy.isBehind(0, true);
        int opening = Objects.requireNonNull(copy.look()).opening();
        copy.isBehind(3, true);
        assertThat(Objects.requireNonNull(copy.look()).opening()).isEqualTo(opening);
    }

    @Test
    void onlyACopyThatABrokerHasJustAnsweredKnowsThatItIsComplete() {
        copy.opened();
        copy.isBehind(0, false);
        assertThat(isComplete()).as("no answer yet").isFalse();
        copy.isBehind(1, true);
        assertThat(isComplete()).as("behind").isFalse();
        copy.isBehind(0, true);
        assertThat(isComplete()).isTrue();
        copy.isBehind(0, false);
        assertThat(isComplete()).as("looked at more often than brokers answer").isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            copy.isBehind(0, false); // cut off: it goes on at what it heard last
            return !isComplete();
        });
        assertThat(lag()).as("it can still be read").isZero();
    }

    private boolean isComplete() {
        return Objects.requireNonNull(copy.look()).isComplete();
    }

    private long lag() {
        return Objects.requireNonNull(copy.look()).lag();
    }
}
