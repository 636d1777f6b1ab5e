package io.periodview.streams.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SharedPlacesTest {

    private final SharedPlaces places = new SharedPlaces(5, 2);

    @Test
    void aTeamTakesNoMoreThanItsShareAndAllNoMoreThanThereAre() {
        List<SharedPlaces.Place> taken = new ArrayList<>();
        for (long team = 1; team <= 2; team++) {
            taken.add(enter(team));
            taken.add(enter(team));
            assertThat(places.tryEnter(team)).isNull();
        }
        taken.add(enter(3));
        assertThat(places.tryEnter(4)).isNull();
        assertThat(places.taken()).isEqualTo(5);
        taken.get(0).close();
        taken.get(0).close();
        assertThat(places.taken()).as("it was left once").isEqualTo(4);
        enter(1);
        assertThat(places.tryEnter(1)).isNull();
    }

    private SharedPlaces.Place enter(long team) {
        return Objects.requireNonNull(places.tryEnter(team));
    }
}
