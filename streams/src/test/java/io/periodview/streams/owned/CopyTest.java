package io.periodview.streams.owned;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class CopyTest {

    private final Copy copy = new Copy();

    @Test
    void aCopyThatWasNeverWholeShowsNothing() {
        assertThat(copy.look()).isNull();
        copy.opened();
        assertThat(copy.look()).isNull();
        copy.isBehind(7);
        assertThat(copy.look()).isNull();
    }

    @Test
    void aCopyThatWasWholeSaysHowFarItIsBehind() {
        copy.opened();
        copy.isBehind(0);
        assertThat(lag()).isZero();
        copy.isBehind(7);
        assertThat(lag()).isEqualTo(7);
        copy.isBehind(2);
        assertThat(lag()).isEqualTo(2);
    }

    @Test
    void aCopyThatIsOpenedAnewMustBecomeWholeAgain() {
        copy.opened();
        copy.isBehind(0);
        Copy.Look before = copy.look();
        copy.opened();
        assertThat(copy.look()).isNull();
        copy.isBehind(7);
        assertThat(copy.look()).isNull();
        copy.isBehind(0);
        assertThat(copy.look()).isNotEqualTo(before);
    }

    @Test
    void asLongAsItStaysOpenItIsTheSameCopy() {
        copy.opened();
        copy.isBehind(0);
        int opening = Objects.requireNonNull(copy.look()).opening();
        copy.isBehind(3);
        assertThat(Objects.requireNonNull(copy.look()).opening()).isEqualTo(opening);
    }

    private long lag() {
        return Objects.requireNonNull(copy.look()).lag();
    }
}
