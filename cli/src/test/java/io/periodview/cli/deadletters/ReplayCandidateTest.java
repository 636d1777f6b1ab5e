package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.RecordOffset;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What counts as newer than a dead letter that came from actions-3@10 with the time 1000. */
class ReplayCandidateTest {

    private static final int HERE = 3;
    private static final int ELSEWHERE = 1;

    private final ReplayCandidate inItsPartition = candidate(HERE);
    private final ReplayCandidate inAWrongPartition = candidate(ELSEWHERE);

    private static ReplayCandidate candidate(int target) {
        return new ReplayCandidate(
                new RecordOffset("dead-letters", 0, 0),
                new RecordOrigin("actions", HERE, 10, 1000),
                target,
                bytes("old"));
    }

    @Test
    void itsOwnRecordIsNotNewer() {
        assertThat(inItsPartition.isOriginGone()).isTrue();
        see(inItsPartition, HERE, 10, 1000, "old");

        assertThat(inItsPartition.newer()).isNull();
        assertThat(inItsPartition.isOriginGone()).isFalse();
    }

    @Test
    void withinItsPartitionTheOffsetDecides() {
        see(inItsPartition, HERE, 9, 5000, "new");
        assertThat(inItsPartition.newer()).isNull();
        see(inItsPartition, HERE, 11, 1, null);
        assertThat(inItsPartition.newer()).isEqualTo(new RecordOffset("actions", HERE, 11));
    }

    @Test
    void acrossPartitionsTheTimeDecides() {
        see(inItsPartition, ELSEWHERE, 99, 999, "new");
        assertThat(inItsPartition.newer()).isNull();
        see(inItsPartition, ELSEWHERE, 0, 1001, "new");
        assertThat(inItsPartition.newer()).isEqualTo(new RecordOffset("actions", ELSEWHERE, 0));
    }

    @Test
    void anotherRecordOfTheSameMillisecondSupersedes() {
        see(inItsPartition, ELSEWHERE, 0, 1000, "new");
        assertThat(inItsPartition.newer()).isNotNull();
    }

    @Test
    void replayedFromAWrongPartitionItIsSupersededByTheCopy() {
        see(inAWrongPartition, ELSEWHERE, 0, 1000, "old");
        assertThat(inAWrongPartition.newer()).isNotNull();
    }

    @Test
    void aReplayedCopyIsNotSupersededByItsOriginal() {
        see(inItsPartition, ELSEWHERE, 0, 1000, "old");
        assertThat(inItsPartition.newer()).isNull();
    }

    @Test
    void namesTheLatestNewerRecord() {
        see(inItsPartition, HERE, 11, 2000, "new");
        see(inItsPartition, ELSEWHERE, 5, 3000, "new");
        see(inItsPartition, HERE, 12, 2500, "new");
        assertThat(inItsPartition.newer()).isEqualTo(new RecordOffset("actions", ELSEWHERE, 5));
    }

    private static void see(
            ReplayCandidate candidate, int partition, long offset, long timestamp, @Nullable String value) {
        candidate.see(
                new ConsumerRecord<>(
                        "prefix-actions",
                        partition,
                        offset,
                        timestamp,
                        TimestampType.CREATE_TIME,
                        3,
                        3,
                        bytes("7/1"),
                        value == null ? null : bytes(value),
                        new RecordHeaders(),
                        Optional.empty()),
                "actions");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
