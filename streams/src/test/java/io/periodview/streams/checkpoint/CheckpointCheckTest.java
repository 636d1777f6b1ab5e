package io.periodview.streams.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.streams.checkpoint.Checkpoint.Input;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointCheckTest {

    private static final int PARTITION = 3;
    private static final int PARTITIONS = 6;
    private static final String CHANGELOG = "changelog";
    private static final List<String> INPUTS = List.of("periods", "actions", "rerouted");
    private static final Duration KEPT = Duration.ofDays(14);
    private static final long NOW = 1_700_000_000_000L;

    private final CheckpointCheck check = new CheckpointCheck(INPUTS, CHANGELOG, PARTITIONS);
    private final Map<String, LogFacts.Topic> topics = new HashMap<>();
    private final Map<TopicPartition, LogFacts.Range> ranges = new HashMap<>();
    private final Map<TopicPartition, Long> diverged = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> skips = new HashMap<>();

    private record Stored(@Nullable Checkpoint checkpoint, boolean isEmpty, boolean isOfOlderVersion) implements Rows {}

    @BeforeEach
    void topicsWithTenEventsEach() {
        for (String topic : List.of("periods", "actions", "rerouted", CHANGELOG)) {
            topics.put(topic, new LogFacts.Topic(Uuid.randomUuid(), PARTITIONS));
            ranges.put(log(topic), new LogFacts.Range(0, 10));
        }
    }

    @Test
    void rowsThatShowTheTopicsAreAdmittedWhereTheyEnd() {
        assertThat(check(rows(10, 7, 10, NOW)))
                .isEqualTo(new Verdict.Admitted(at(10, 7, 10, NOW), List.of(), List.of()));
    }

    @Test
    void offsetsOfTheGroupAreNotBelieved() {
        committed.put(log("actions"), 2L);
        Verdict.Admitted admitted = (Verdict.Admitted) check(rows(10, 7, 10, NOW));
        assertThat(admitted.start()).isEqualTo(at(10, 7, 10, NOW));
        assertThat(admitted.notes()).singleElement().asString().contains("actions-3 is 2", "goes on at 7");
    }

    @Test
    void aTopicThatWasMadeAnewIsRefused() {
        for (String topic : List.of("periods", "actions", "rerouted", CHANGELOG)) {
            Rows rows = rows(10, 10, 10, NOW);
            LogFacts.Topic before = Objects.requireNonNull(topics.get(topic));
            topics.put(topic, new LogFacts.Topic(Uuid.randomUuid(), PARTITIONS));
            assertThat(why(rows)).contains("Topic " + topic + " was deleted and made anew", "serve --rebuild");
            topics.put(topic, before);
        }
    }

    @Test
    void aTopicThatIsMissingOrHasGrownIsRefused() {
        Rows rows = rows(10, 10, 10, NOW);
        LogFacts.Topic before = Objects.requireNonNull(topics.remove("actions"));
        assertThat(why(rows)).contains("actions does not exist");
        topics.put("actions", new LogFacts.Topic(before.id(), 2 * PARTITIONS));
        assertThat(why(rows)).contains("actions has 12 partitions");
    }

    @Test
    void aLogThatEndsBeforeTheRowsIsRefusedForGood() {
        ranges.put(log("actions"), new LogFacts.Range(0, 6));
        Verdict.Refused refused = (Verdict.Refused) check(rows(10, 7, 10, NOW));
        assertThat(refused.why()).contains("actions-3 was truncated at offset 6", "up to 6 were applied");
        assertThat(refused.isForGood()).isTrue();
    }

    @Test
    void aLogThatWasTruncatedAndHasGrownIsRefusedForGood() {
        diverged.put(log("actions"), 3L);
        Verdict.Refused refused = (Verdict.Refused) check(rows(10, 7, 10, NOW));
        assertThat(refused.why()).contains("actions-3 was truncated at offset 3", "up to 6 were applied");
        assertThat(refused.isForGood()).isTrue();
    }

    @Test
    void eventsThatWereDeletedUnreadAreNamedUntilAnOperatorHasAllowedIt() {
        ranges.put(log("actions"), new LogFacts.Range(9, 10));
        Verdict verdict = check(rows(10, 7, 10, NOW));
        assertThat(verdict.gaps()).containsExactly(new Verdict.Gap("actions", PARTITION, 7, 9));
        assertThat(((Verdict.Refused) verdict).why())
                .contains("events 7 to 8 were deleted", "period-view skip actions-3@8");
        skips.put(log("actions"), 8L);
        assertThat(check(rows(10, 7, 10, NOW))).isInstanceOf(Verdict.Refused.class);
        skips.put(log("actions"), 9L);
        assertThat(((Verdict.Admitted) check(rows(10, 7, 10, NOW))).start()).isEqualTo(at(10, 9, 10, NOW));
    }

    @Test
    void aChangelogWithoutItsBeginningIsRefused() {
        ranges.put(log(CHANGELOG), new LogFacts.Range(1, 10));
        assertThat(why(rows(10, 10, 10, NOW))).contains("The first 1 records of changelog-3 were deleted");
    }

    @Test
    void aStandstillThatOutlastsTheDeletionsIsRefusedIfThereIsSomethingToRead() {
        long longAgo = NOW - KEPT.toMillis() - 1;
        assertThat(check(rows(10, 10, 10, longAgo))).isInstanceOf(Verdict.Admitted.class);
        assertThat(why(rows(10, 9, 10, longAgo))).contains("was last up to date at");
        assertThat(check(rows(10, 9, 10, longAgo + 1))).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void aNewPartitionBeginsAtTheStartAndIsNotComplete() {
        ranges.put(log("periods"), new LogFacts.Range(4, 10));
        committed.put(log("rerouted"), 8L);
        Checkpoint start = ((Verdict.Admitted) check(new Stored(null, true, false))).start();
        assertThat(start.complete()).isFalse();
        assertThat(start.inputs()).extracting(Input::next).containsExactly(4L, 0L, 8L);
    }

    @Test
    void anEmptyStoreOfAGroupThatHasReadIsRefused() {
        committed.put(log("actions"), 10L);
        assertThat(why(new Stored(null, true, false))).contains("up to offset 10", "they are lost");
        assertThat(check(new Stored(null, true, true)))
                .as("one that never had rows, of a version without checkpoints")
                .isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void rowsOfAVersionWithoutCheckpointsGoAsFarAsTheGroup() {
        Rows rows = new Stored(null, false, false);
        assertThat(why(rows)).contains("the group has no offsets");
        committed.put(log("actions"), 6L);
        Checkpoint start = ((Verdict.Admitted) check(rows)).start();
        assertThat(start.complete()).isTrue();
        assertThat(start.inputs()).extracting(Input::next).containsExactly(0L, 6L, 0L);
    }

    @Test
    void aCheckpointIsReadAsItWasWritten() {
        for (boolean complete : new boolean[] {true, false}) {
            Checkpoint checkpoint = new Checkpoint(
                    Uuid.randomUuid(),
                    NOW,
                    complete,
                    List.of(
                            new Input(Uuid.randomUuid(), 0, -1),
                            new Input(Uuid.randomUuid(), Long.MAX_VALUE, Integer.MAX_VALUE),
                            new Input(Uuid.randomUuid(), 1, 0)));
            byte[] row = checkpoint.toBytes();
            assertThat(Checkpoint.of(row)).isEqualTo(checkpoint);
            assertThatThrownBy(() -> Checkpoint.of(Arrays.copyOf(row, row.length - 1)))
                    .isInstanceOf(IllegalStateException.class);
            row[0]++;
            assertThatThrownBy(() -> Checkpoint.of(row)).isInstanceOf(IllegalStateException.class);
        }
    }

    private Verdict check(Rows rows) {
        return check.check(
                PARTITION, rows, new LogFacts(NOW, topics, ranges, diverged, Map.of(), committed, skips, KEPT));
    }

    private String why(Rows rows) {
        return ((Verdict.Refused) check(rows)).why();
    }

    private Rows rows(long periods, long actions, long rerouted, long asOf) {
        return new Stored(at(periods, actions, rerouted, asOf), false, false);
    }

    private Checkpoint at(long periods, long actions, long rerouted, long asOf) {
        return new Checkpoint(
                id(CHANGELOG),
                asOf,
                true,
                List.of(
                        new Input(id("periods"), periods, 0),
                        new Input(id("actions"), actions, 0),
                        new Input(id("rerouted"), rerouted, 0)));
    }

    private Uuid id(String topic) {
        return Objects.requireNonNull(topics.get(topic)).id();
    }

    private static TopicPartition log(String topic) {
        return new TopicPartition(topic, PARTITION);
    }
}
