package io.periodview.streams;

import static org.apache.kafka.streams.KafkaStreams.State.ERROR;
import static org.apache.kafka.streams.KafkaStreams.State.PENDING_SHUTDOWN;
import static org.apache.kafka.streams.KafkaStreams.State.REBALANCING;
import static org.apache.kafka.streams.KafkaStreams.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.partition.PartitionStatus;
import io.periodview.streams.partition.PartitionStatus.Role;
import io.periodview.streams.partition.RestoreProgress.Progress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private final Readiness readiness = new Readiness();

    private static PartitionStatus holding(int partition, Role role) {
        Restoration restoration = role == Role.RESTORING ? new Restoration(0, 500, 2_000, 0) : null;
        return new PartitionStatus(partition, role, Map.of(), Map.of(), null, restoration);
    }

    @Test
    void itIsNotReadyBeforeItOwnsOrCopiesAllItHolds() {
        assertThat(readiness.problem(REBALANCING, List.of())).contains("being assigned");
        assertThat(readiness.problem(REBALANCING, List.of(holding(0, Role.RESTORING), holding(2, Role.RESTORING))))
                .isEqualTo("Being restored: partitions 0, 2; 3,000 changelog records to go.");
        assertThat(readiness.problem(RUNNING, List.of(holding(0, Role.OWNER), holding(1, Role.CATCHING_UP))))
                .isEqualTo("Not caught up yet: the copies of partition 1.");
        assertThat(readiness.problem(RUNNING, List.of(holding(0, Role.OWNER), holding(1, Role.STANDBY))))
                .isNull();
    }

    @Test
    void onceItWasReadyARebalanceAndNewCopiesLeaveItSo() {
        assertThat(readiness.problem(RUNNING, List.of())).isNull();
        assertThat(readiness.problem(REBALANCING, List.of(holding(0, Role.OWNER))))
                .isNull();
        assertThat(readiness.problem(RUNNING, List.of(holding(1, Role.CATCHING_UP))))
                .isNull();
    }

    @Test
    void whatItWillOwnAndCannotAnswerForMakesItNotReady() {
        assertThat(readiness.problem(RUNNING, List.of())).isNull();
        assertThat(readiness.problem(REBALANCING, List.of(holding(3, Role.RESTORING))))
                .contains("partition 3");
        assertThat(readiness.problem(RUNNING, List.of(holding(3, Role.UNCONFIRMED))))
                .contains("Not sure", "partition 3");
        assertThat(readiness.problem(PENDING_SHUTDOWN, List.of())).contains("PENDING_SHUTDOWN");
        assertThat(readiness.problem(ERROR, List.of())).contains("ERROR");
    }
}
