package io.periodview.cli.deadletters;

import static io.periodview.cli.deadletters.RejectedEvents.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.TeamPartitioner;
import org.junit.jupiter.api.Test;

class ReplayTargetsTest {

    private static final RecordOrigin ORIGIN = new RecordOrigin("actions", 5, 10, 1000);

    @Test
    void anEventGoesToThePartitionOfItsTeam() {
        assertThat(ReplayTargets.partition(bytes("7/1"), ORIGIN, 12)).isEqualTo(TeamPartitioner.partitionOf(7, 12));
    }

    @Test
    void withoutATeamItStaysInItsPartition() {
        assertThat(ReplayTargets.partition(bytes("x"), ORIGIN, 12)).isEqualTo(5);
        assertThat(ReplayTargets.partition(null, ORIGIN, 12)).isEqualTo(5);
    }
}
