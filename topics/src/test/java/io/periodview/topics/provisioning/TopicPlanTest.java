package io.periodview.topics.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicPlan.AlterConfig;
import io.periodview.topics.provisioning.TopicPlan.Change;
import io.periodview.topics.provisioning.TopicPlan.Create;
import io.periodview.topics.provisioning.TopicPlan.Refused;
import io.periodview.topics.provisioning.TopicPlan.UpToDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPlanTest {

    private static final List<TopicSpec> WANTED = wanted(OptionalInt.empty());

    @Test
    void anEmptyClusterGetsAllTopicsAsTheFileSays() {
        TopicPlan plan = TopicPlan.of(WANTED, Map.of(), 3);
        assertThat(plan.steps())
                .containsExactlyElementsOf(
                        WANTED.stream().map(spec -> new Create(spec, List.of())).toList());
        assertThat(plan.isRefused()).isFalse();
        assertThat(plan.isUpToDate()).isFalse();
    }

    @Test
    void aClusterOfOneBrokerGetsOneReplicaAndIsTold() {
        TopicPlan plan = TopicPlan.of(WANTED, Map.of(), 1);
        for (TopicPlan.Step step : plan.steps()) {
            Create create = (Create) step;
            assertThat(create.spec().replicationFactor()).isEqualTo(1);
            assertThat(create.spec().configs()).containsEntry("min.insync.replicas", "1");
            assertThat(create.notes()).containsExactly("replication factor 1, not 3: the cluster has 1 broker");
        }
    }

    @Test
    void aClusterOfTwoBrokersNeedsOneInSyncAndMoreThanThreeGetThree() {
        Create two = (Create) TopicPlan.of(WANTED, Map.of(), 2).steps().get(0);
        assertThat(two.spec().replicationFactor()).isEqualTo(2);
        assertThat(two.spec().configs()).containsEntry("min.insync.replicas", "1");
        assertThat(two.notes()).containsExactly("replication factor 2, not 3: the cluster has 2 brokers");
        Create five = (Create) TopicPlan.of(WANTED, Map.of(), 5).steps().get(0);
        assertThat(five).isEqualTo(new Create(WANTED.get(0), List.of()));
    }

    @Test
    void aClusterHasBrokers() {
        assertThatThrownBy(() -> TopicPlan.of(WANTED, Map.of(), 0))
                .hasMessage("A cluster has at least one broker, not 0");
    }

    @Test
    void topicsThatAreAsWantedNeedNothing() {
        TopicPlan plan = TopicPlan.of(WANTED, all(), 3);
        assertThat(plan.steps())
                .containsExactly(
                        new UpToDate("periods", List.of()),
                        new UpToDate("actions", List.of()),
                        new UpToDate("api-keys", List.of()),
                        new UpToDate("dead-letters", List.of()),
                        new UpToDate("app-rerouted", List.of()));
        assertThat(plan.isUpToDate()).isTrue();
    }

    @Test
    void whatWasPlannedForOneBrokerIsUpToDateOnOneBroker() {
        Map<String, ActualTopic> existing = new LinkedHashMap<>();
        for (TopicPlan.Step step : TopicPlan.of(WANTED, Map.of(), 1).steps()) {
            TopicSpec spec = ((Create) step).spec();
            existing.put(spec.name(), new ActualTopic(spec.partitions(), 1, spec.configs()));
        }
        assertThat(TopicPlan.of(WANTED, existing, 1).isUpToDate()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, delete, compact",
        "cleanup.policy, 'compact,delete', compact",
        "retention.ms, 604800000, -1",
        "retention.bytes, 1073741824, -1",
        "min.insync.replicas, 1, 2",
        "unclean.leader.election.enable, true, false",
        "max.message.bytes, 1048588, 2097152",
        "message.timestamp.type, LogAppendTime, CreateTime",
        "message.timestamp.before.max.ms, 86400000, 9223372036854775807",
        "message.timestamp.after.max.ms, 0, 3600000",
        "segment.bytes, 1073741824, 268435456",
        "segment.ms, 2592000000, 604800000",
        "min.cleanable.dirty.ratio, 0.5, 0.3",
        "min.compaction.lag.ms, 0, 86400000",
        "max.compaction.lag.ms, 9223372036854775807, 1209600000",
        "delete.retention.ms, 86400000, 1209600000"
    })
    void whatWouldLoseOrRefuseEventsIsChanged(String setting, String from, String to) {
        TopicPlan plan = TopicPlan.of(WANTED, allBut("periods", setting, from), 3);
        assertThat(plan.steps().get(0))
                .isEqualTo(new AlterConfig("periods", Map.of(setting, new Change(from, to)), List.of()));
        assertThat(plan.isUpToDate()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "periods, min.insync.replicas, 3, 2",
        "periods, message.timestamp.after.max.ms, 9223372036854775807, 3600000",
        "periods, segment.bytes, 16777216, 268435456",
        "periods, segment.ms, 86400000, 604800000",
        "periods, min.cleanable.dirty.ratio, 0.01, 0.3",
        "periods, min.compaction.lag.ms, 172800000, 86400000",
        "periods, max.compaction.lag.ms, 604800000, 1209600000",
        "periods, delete.retention.ms, 2592000000, 1209600000",
        "dead-letters, retention.ms, 31536000000, 2592000000",
        "dead-letters, retention.ms, -1, 2592000000",
        "dead-letters, retention.bytes, -1, 10737418240",
        "dead-letters, max.message.bytes, 16777216, 9437184",
        "app-rerouted, retention.ms, -1, 691200000"
    })
    void whatDoesNoHarmIsLeftAloneAndReported(String topic, String setting, String stays, String wanted) {
        TopicPlan plan = TopicPlan.of(WANTED, allBut(topic, setting, stays), 3);
        assertThat(plan.isUpToDate()).isTrue();
        assertThat(plan.steps())
                .contains(new UpToDate(topic, List.of(setting + " stays " + stays + ", not " + wanted)));
    }

    @Test
    void numbersThatAreWrittenDifferentlyAreTheSame() {
        assertThat(TopicPlan.of(WANTED, allBut("periods", "min.cleanable.dirty.ratio", "0.30"), 3)
                        .isUpToDate())
                .isTrue();
        assertThat(TopicPlan.of(WANTED, allBut("periods", "cleanup.policy", " compact "), 3)
                        .isUpToDate())
                .isTrue();
    }

    @Test
    void settingsBeyondOursAreTheOperatorsOwn() {
        assertThat(TopicPlan.of(WANTED, allBut("periods", "compression.type", "zstd"), 3)
                        .steps()
                        .get(0))
                .isEqualTo(new UpToDate("periods", List.of()));
    }

    @Test
    void aSettingThatTheBrokerDoesNotNameIsSet() {
        Map<String, String> configs = new LinkedHashMap<>(WANTED.get(0).configs());
        configs.remove("message.timestamp.before.max.ms");
        Map<String, ActualTopic> existing = all();
        existing.put("periods", new ActualTopic(12, 3, configs));
        assertThat(TopicPlan.of(WANTED, existing, 3).steps().get(0))
                .isEqualTo(new AlterConfig(
                        "periods",
                        Map.of("message.timestamp.before.max.ms", new Change("unset", "9223372036854775807")),
                        List.of()));
    }

    @Test
    void compactionIsNotReplacedByDeletion() {
        TopicPlan plan = TopicPlan.of(WANTED, allBut("dead-letters", "cleanup.policy", "compact"), 3);
        assertThat(plan.steps())
                .contains(
                        new Refused(
                                "dead-letters",
                                "cleanup.policy is compact, not delete, and to change it would delete what is older than 2592000000 ms."
                                        + " If that may go: kafka-configs --alter --topic dead-letters --add-config cleanup.policy=delete"));
        assertThat(plan.isRefused()).isTrue();
    }

    @Test
    void deletionThatCompactsAsWellIsMadeDeletionOnly() {
        TopicPlan plan = TopicPlan.of(WANTED, allBut("dead-letters", "cleanup.policy", "compact,delete"), 3);
        assertThat(plan.steps())
                .contains(new AlterConfig(
                        "dead-letters", Map.of("cleanup.policy", new Change("compact,delete", "delete")), List.of()));
    }

    @Test
    void brokersThatAreAwayForNowChangeNothing() {
        assertThat(TopicPlan.of(WANTED, all(), 1).steps()).containsOnlyOnce(new UpToDate("periods", List.of()));
    }

    @Test
    void theReplicationFactorOfATopicIsReportedAndNotChanged() {
        Map<String, ActualTopic> existing = all();
        Map<String, String> configs = new LinkedHashMap<>(WANTED.get(2).configs());
        configs.put("min.insync.replicas", "1");
        existing.put("api-keys", new ActualTopic(1, 1, configs));
        assertThat(TopicPlan.of(WANTED, existing, 3).steps().get(2))
                .isEqualTo(new UpToDate(
                        "api-keys",
                        List.of("replication factor stays 1, not 3: kafka-reassign-partitions changes it")));
    }

    @Test
    void moreReplicasInSyncAreAskedForAsFarAsThereAreReplicas() {
        Map<String, ActualTopic> existing = all();
        Map<String, String> configs = new LinkedHashMap<>(WANTED.get(2).configs());
        configs.put("min.insync.replicas", "1");
        existing.put("api-keys", new ActualTopic(1, 2, configs));
        assertThat(TopicPlan.of(WANTED, existing, 3).steps().get(2)).isInstanceOf(UpToDate.class);
        existing.put("api-keys", new ActualTopic(1, 4, configs));
        assertThat(TopicPlan.of(WANTED, existing, 5).steps().get(2))
                .isEqualTo(new AlterConfig(
                        "api-keys",
                        Map.of("min.insync.replicas", new Change("1", "2")),
                        List.of("replication factor stays 4, not 3: kafka-reassign-partitions changes it")));
    }

    @Test
    void whatHoldsNoTeamsKeepsItsPartitions() {
        Map<String, ActualTopic> existing = all();
        existing.put("api-keys", new ActualTopic(6, 3, WANTED.get(2).configs()));
        assertThat(TopicPlan.of(WANTED, existing, 3).steps().get(2))
                .isEqualTo(new UpToDate("api-keys", List.of("it keeps its 6 partitions, not 1")));
    }

    @ParameterizedTest
    @CsvSource({"dead-letters, 4194304, 9437184", "app-rerouted, 2097152, 3145728"})
    void topicsThatWouldRefuseWhatTheServiceWritesAreChanged(String topic, String from, String to) {
        assertThat(TopicPlan.of(WANTED, allBut(topic, "max.message.bytes", from), 3)
                        .steps())
                .contains(new AlterConfig(topic, Map.of("max.message.bytes", new Change(from, to)), List.of()));
    }

    /** The service measures what it writes before compression, and keeps no more than fits. */
    @Test
    void topicsOfEventsMayTakeMoreThanWhatTheyGoOnTo() {
        TopicPlan plan = TopicPlan.of(WANTED, allBut("actions", "max.message.bytes", "104857600"), 3);
        assertThat(plan.isUpToDate()).isTrue();
        assertThat(plan.toString())
                .contains("= up to date actions; max.message.bytes stays 104857600, not 2097152")
                .contains("= up to date dead-letters\n");
    }

    @Test
    void aPlanIsOneLineATopic() {
        Map<String, ActualTopic> existing = allBut("periods", "retention.ms", "604800000");
        change(existing, "dead-letters", "cleanup.policy", "compact");
        change(existing, "api-keys", "segment.bytes", "1048576");
        existing.remove("app-rerouted");
        assertThat(TopicPlan.of(WANTED, existing, 1).toString()).isEqualTo("""
                        ~ alter periods: retention.ms 604800000 -> -1
                        = up to date actions
                        = up to date api-keys; segment.bytes stays 1048576, not 16777216
                        ! refused dead-letters: cleanup.policy is compact, not delete, and to change it would delete what is older than 2592000000 ms. If that may go: kafka-configs --alter --topic dead-letters --add-config cleanup.policy=delete
                        + create app-rerouted (12 partitions, 1 replica, cleanup.policy=delete, message.timestamp.type=LogAppendTime, retention.ms=691200000, retention.bytes=-1, min.insync.replicas=1, unclean.leader.election.enable=false, max.message.bytes=3145728, segment.bytes=134217728, segment.ms=86400000); replication factor 1, not 3: the cluster has 1 broker""");
    }

    private static List<TopicSpec> wanted(OptionalInt partitions) {
        return TopicsFile.packaged().specs(new TopicNames(""), "app", partitions, OptionalInt.empty());
    }

    private static Map<String, ActualTopic> all() {
        Map<String, ActualTopic> existing = new LinkedHashMap<>();
        for (TopicSpec spec : WANTED) {
            existing.put(spec.name(), new ActualTopic(spec.partitions(), spec.replicationFactor(), spec.configs()));
        }
        return existing;
    }

    private static Map<String, ActualTopic> allBut(String topic, String setting, String value) {
        Map<String, ActualTopic> existing = all();
        change(existing, topic, setting, value);
        return existing;
    }

    private static void change(Map<String, ActualTopic> existing, String topic, String setting, String value) {
        existing.computeIfPresent(topic, (name, found) -> {
            Map<String, String> configs = new LinkedHashMap<>(found.configs());
            configs.put(setting, value);
            return new ActualTopic(found.partitions(), found.replicationFactor(), configs);
        });
    }
}
