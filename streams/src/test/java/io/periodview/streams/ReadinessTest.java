package io.periodview.streams;

import static org.apache.kafka.streams.KafkaStreams.State.ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_SHUTDOWN;
import static org.apache.kafka.streams.KafkaStreams.State.REBALANCING;
import static org.apache.kafka.streams.KafkaStreams.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.partition.PartitionStatus;
import io.periodview.streams.partition.PartitionStatus.Role;
import io.periodview.streams.partition.RestoreProgress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private final Readiness readiness = new Readiness();

    private static PartitionStatus status(int partition, Role role) {
        RestoreProgress.Progress restore =
                role == Role.RESTORING ? new RestoreProgress.Progress(0, 500, 2_000, 0) : null;
        return new PartitionStatus(partition, role, Map.of(), Map.of(), null, restore, null);
    }

    @Test
    void itIsNotReadyUntilAllThatItHostsIsOwnedOrCaughtUp() {
        assertThat(readiness.problem(REBALANCING, List.of())).contains("being assigned");
        assertThat(readiness.problem(REBALANCING, List.of(status(0, Role.RESTORING), status(2, Role.RESTORING))))
                .isEqualTo("Restoring partitions 0, 2: 3,000 changelog records remaining.");
        assertThat(readiness.problem(RUNNING, List.of(status(0, Role.OWNER), status(1, Role.CATCHING_UP))))
                .isEqualTo("Not caught up yet: the standbys of partition 1.");
        assertThat(readiness.problem(RUNNING, List.of(status(0, Role.OWNER), status(1, Role.STANDBY))))
                .isNull();
    }

    @Test
    void onceReadyItStaysSoThroughARebalanceAndNewStandbys() {
        assertThat(readiness.problem(RUNNING, List.of())).isNull();
        assertThat(readiness.problem(REBALANCING, List.of(status(0, Role.OWNER))))
                .isNull();
        assertThat(readiness.problem(RUNNING, List.of(status(1, Role.CATCHING_UP))))
                .isNull();
    }

    @Test
    void aPartitionThatItOwnsAndCannotAnswerForMakesItNotReady() {
        assertThat(readiness.problem(RUNNING, List.of())).isNull();
        assertThat(readiness.problem(REBALANCING, List.of(status(3, Role.RESTORING))))
                .contains("partition 3");
        assertThat(readiness.problem(RUNNING, List.of(status(3, Role.UNCONFIRMED))))
                .contains("Ownership is not confirmed", "partition 3");
        assertThat(readiness.problem(PENDING_SHUTDOWN, List.of())).contains("PENDING_SHUTDOWN");
        assertThat(readiness.problem(ERROR, List.of())).contains("ERROR");
    }
}
