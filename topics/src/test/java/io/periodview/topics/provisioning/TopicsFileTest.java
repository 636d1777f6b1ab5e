package io.periodview.topics.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.periodview.topics.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TopicsFileTest {

    private static final String MINIMAL = """
            periods: {partitions: 12, replication.factor: 3, configs: {cleanup.policy: compact}}
            actions: {partitions: 12, replication.factor: 3, configs: {}}
            api-keys: {partitions: 1, replication.factor: 3, configs: {}}
            dead-letters: {partitions: 3, replication.factor: 3, configs: {}}
            rerouted: {partitions: 12, replication.factor: 3, configs: {}}
            """;

    @Test
    void periodsAndActionsAreCompactedAndKeepEverythingElse() {
        for (TopicRole role : List.of(TopicRole.PERIODS, TopicRole.ACTIONS)) {
            TopicSpec spec = packaged(role);
            assertThat(spec.partitions()).isEqualTo(12);
            assertThat(spec.replicationFactor()).isEqualTo(3);
            assertThat(spec.configs())
                    .containsExactly(
                            entry("cleanup.policy", "compact"),
                            entry("retention.ms", "-1"),
                            entry("retention.bytes", "-1"),
                            entry("min.insync.replicas", "2"),
                            entry("unclean.leader.election.enable", "false"),
                            entry("max.message.bytes", "2097152"),
                            entry("message.timestamp.type", "CreateTime"),
                            entry("message.timestamp.before.max.ms", "9223372036854775807"),
                            entry("message.timestamp.after.max.ms", "3600000"),
                            entry("segment.bytes", "268435456"),
                            entry("segment.ms", "604800000"),
                            entry("min.cleanable.dirty.ratio", "0.3"),
                            entry("min.compaction.lag.ms", "86400000"),
                            entry("max.compaction.lag.ms", "1209600000"),
                            entry("delete.retention.ms", "1209600000"));
        }
    }

    @Test
    void apiKeysAreOneSmallCompactedPartition() {
        TopicSpec spec = packaged(TopicRole.API_KEYS);
        assertThat(spec.partitions()).isEqualTo(1);
        assertThat(spec.replicationFactor()).isEqualTo(3);
        assertThat(spec.configs())
                .containsExactly(
                        entry("cleanup.policy", "compact"),
                        entry("retention.ms", "-1"),
                        entry("retention.bytes", "-1"),
                        entry("min.insync.replicas", "2"),
                        entry("unclean.leader.election.enable", "false"),
                        entry("message.timestamp.type", "CreateTime"),
                        entry("segment.bytes", "16777216"),
                        entry("segment.ms", "86400000"),
                        entry("min.cleanable.dirty.ratio", "0.1"),
                        entry("min.compaction.lag.ms", "0"),
                        entry("max.compaction.lag.ms", "604800000"),
                        entry("delete.retention.ms", "1209600000"));
    }

    @Test
    void deadLettersAreKeptForAMonthAndTakeWhateverOtherTopicsHold() {
        TopicSpec spec = packaged(TopicRole.DEAD_LETTERS);
        assertThat(spec.partitions()).isEqualTo(3);
        assertThat(spec.replicationFactor()).isEqualTo(3);
        assertThat(spec.configs())
                .containsExactly(
                        entry("cleanup.policy", "delete"),
                        entry("retention.ms", "2592000000"),
                        entry("retention.bytes", "10737418240"),
                        entry("min.insync.replicas", "2"),
                        entry("unclean.leader.election.enable", "false"),
                        entry("max.message.bytes", "9437184"),
                        entry("message.timestamp.type", "CreateTime"),
                        entry("segment.bytes", "268435456"),
                        entry("segment.ms", "86400000"));
    }

    @Test
    void reroutedEventsAreKeptByTheTimeOfTheirArrival() {
        TopicSpec spec = packaged(TopicRole.REROUTED);
        assertThat(spec.partitions()).isEqualTo(12);
        assertThat(spec.replicationFactor()).isEqualTo(3);
        assertThat(spec.configs())
                .containsExactly(
                        entry("cleanup.policy", "delete"),
                        entry("message.timestamp.type", "LogAppendTime"),
                        entry("retention.ms", "691200000"),
                        entry("retention.bytes", "-1"),
                        entry("min.insync.replicas", "2"),
                        entry("unclean.leader.election.enable", "false"),
                        entry("max.message.bytes", "3145728"),
                        entry("segment.bytes", "134217728"),
                        entry("segment.ms", "86400000"));
    }

    @Test
    void everySettingHasItsReasonBesideIt() throws Exception {
        String yaml;
        try (var file = TopicsFile.class.getResourceAsStream("/io/periodview/topics/topics.yaml")) {
            yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        // A comment ends the line, stands above it, or above the one before it: two that go together share one.
        List<String> lines = yaml.lines().toList();
        for (int i = 2; i < lines.size(); i++) {
            if (lines.get(i).startsWith("    ") && !lines.get(i).strip().startsWith("#")) {
                assertThat(lines.get(i) + lines.get(i - 1) + lines.get(i - 2))
                        .as("line %d", i + 1)
                        .contains("#");
            }
        }
    }

    @Test
    void topicsHaveThePrefixAndTheInternalOneTheApplicationId() {
        assertThat(specs(OptionalInt.empty(), OptionalInt.empty()))
                .extracting(TopicSpec::name)
                .containsExactly(
                        "test.periods", "test.actions", "test.api-keys", "test.dead-letters", "period-view-rerouted");
    }

    @Test
    void partitionsAreOverriddenWhereTeamsLiveAndReplicasEverywhere() {
        List<TopicSpec> specs = specs(OptionalInt.of(4), OptionalInt.of(1));
        assertThat(specs).extracting(TopicSpec::partitions).containsExactly(4, 4, 1, 3, 4);
        assertThat(specs).extracting(TopicSpec::replicationFactor).containsOnly(1);
    }

    @Test
    void overridesMustBePositive() {
        assertThatThrownBy(() -> specs(OptionalInt.of(0), OptionalInt.empty()))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("The number of partitions must be at least 1, not 0");
        assertThatThrownBy(() -> specs(OptionalInt.empty(), OptionalInt.of(-1)))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("The replication factor must be at least 1, not -1");
    }

    @Test
    void errorsSayWhereAndWhat() {
        assertThat(TopicsFile.parse(MINIMAL)).isNotNull();
        Map.of(
                        "topics.yaml: it must map actions, api-keys, dead-letters, periods and rerouted, not be empty",
                        "",
                        "topics.yaml: rerouted is missing",
                        MINIMAL.replaceAll("rerouted:.*", ""),
                        "topics.yaml: period is none of actions, api-keys, dead-letters, periods and rerouted",
                        MINIMAL.replace("periods:", "period:"),
                        "topics.yaml: api-keys.partitions must be a whole number of at least 1, not 0",
                        MINIMAL.replace("partitions: 1,", "partitions: 0,"),
                        "topics.yaml: api-keys.partitions is missing",
                        MINIMAL.replace("partitions: 1,", ""),
                        "topics.yaml: dead-letters.partitions must be a whole number of at least 1, not \"three\"",
                        MINIMAL.replace("partitions: 3", "partitions: three"),
                        "topics.yaml: periods.configs.cleanup.policy must be compact or delete, not \"compress\"",
                        MINIMAL.replace("compact", "compress"),
                        "topics.yaml: periods.configs must map " + Phrases.list(List.copyOf(ConfigRule.settings()))
                                + ", not be \"compact\"",
                        MINIMAL.replace("{cleanup.policy: compact}", "compact"),
                        "topics.yaml: periods.configs.retention is none of "
                                + Phrases.list(List.copyOf(ConfigRule.settings())),
                        MINIMAL.replace("cleanup.policy: compact", "retention: 7"))
                .forEach(TopicsFileTest::assertRefused);
        Map.of(
                        "topics.yaml: periods.configs.retention.ms must be a whole number (ms or bytes),"
                                + " or -1 for no limit, not \"7 days\"",
                        "retention.ms: 7 days",
                        "topics.yaml: periods.configs.min.cleanable.dirty.ratio must be a number from 0 to 1, not 30",
                        "min.cleanable.dirty.ratio: 30",
                        "topics.yaml: periods.configs.unclean.leader.election.enable must be false or true, not \"no\"",
                        "unclean.leader.election.enable: 'no'",
                        "topics.yaml: periods.configs.retention.ms must be a value, not [1]",
                        "retention.ms: [1]")
                .forEach((message, config) ->
                        assertRefused(message, MINIMAL.replace("cleanup.policy: compact", config)));
    }

    @Test
    void whatIsNoYamlIsRefusedWithItsLine() {
        assertThatThrownBy(() -> TopicsFile.parse(MINIMAL + "more: [\n"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("topics.yaml, line 6, column 8: while parsing a flow node,"
                        + " expected the node content, but found '<stream end>'");
        assertThatThrownBy(() -> TopicsFile.parse(MINIMAL + "periods: {}\n"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageMatching("topics.yaml, line 6, column \\d+: Duplicate field 'periods'");
    }

    private static void assertRefused(String message, String yaml) {
        assertThatThrownBy(() -> TopicsFile.parse(yaml))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage(message);
    }

    private static TopicSpec packaged(TopicRole role) {
        return specs(OptionalInt.empty(), OptionalInt.empty()).get(role.ordinal());
    }

    private static List<TopicSpec> specs(OptionalInt partitions, OptionalInt replicas) {
        return TopicsFile.packaged().specs(new TopicNames("test."), "period-view", partitions, replicas);
    }
}
