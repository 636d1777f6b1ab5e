package io.periodview.topics.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicPlan.Create;
import io.periodview.topics.provisioning.TopicPlan.Refused;
import io.periodview.topics.provisioning.TopicPlan.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PartitionCountsTest {

    private static final String UNCHANGEABLE = "it has 6 partitions and 12 are wanted, but the number is never changed,"
            + " since a team's events would move to another partition: pass --partitions 6";

    @Test
    void aNumberThatDiffersFromTheWantedOneIsRefused() {
        assertThat(refusals(wanted(12), Map.of("periods", 6, "actions", 6, "app-rerouted", 6)))
                .isEqualTo(Map.of("periods", UNCHANGEABLE, "actions", UNCHANGEABLE, "app-rerouted", UNCHANGEABLE));
    }

    @Test
    void aMissingTopicIsNotCreatedWithAnotherNumber() {
        assertThat(refusals(wanted(12), Map.of("periods", 6)))
                .isEqualTo(Map.of(
                        "periods",
                        UNCHANGEABLE,
                        "actions",
                        "it would have 12 partitions where periods has 6, but they must have the same number:"
                                + " pass --partitions 6",
                        "app-rerouted",
                        "it would have 12 partitions where periods has 6, but they must have the same number:"
                                + " pass --partitions 6"));
    }

    @Test
    void theNumberThatTheMessageNamesIsTaken() {
        TopicPlan plan = plan(wanted(6), Map.of("periods", 6));
        assertThat(plan.isRefused()).isFalse();
        assertThat(plan.steps())
                .filteredOn(Create.class::isInstance)
                .extracting(Step::topic)
                .containsExactly("actions", "api-keys", "dead-letters", "app-rerouted");
    }

    @Test
    void periodsAndActionsThatDifferCannotBeRepaired() {
        String reason =
                "periods has 6 partitions and actions has 12 partitions: they must have the same number, and none is"
                        + " ever changed, since a team's events would move to another partition. Create new topics"
                        + " with another --topic-prefix, and produce the events again";
        assertThat(refusals(wanted(12), Map.of("periods", 6, "actions", 12)))
                .isEqualTo(Map.of("periods", reason, "actions", reason, "app-rerouted", reason));
    }

    @Test
    void reroutedThatDiffersNeedsAnotherApplication() {
        assertThat(refusals(wanted(12), Map.of("periods", 12, "actions", 12, "app-rerouted", 6)))
                .isEqualTo(
                        Map.of(
                                "app-rerouted",
                                "it has 6 partitions and periods has 12, but they must have the same number."
                                        + " Take another --application-id, which has a topic of its own and reads all events again"));
    }

    @Test
    void reroutedAloneDecidesToo() {
        String would = "it would have 12 partitions where app-rerouted has 1, but they must have the same number:"
                + " pass --partitions 1";
        assertThat(refusals(wanted(12), Map.of("app-rerouted", 1)))
                .isEqualTo(Map.of(
                        "periods",
                        would,
                        "actions",
                        would,
                        "app-rerouted",
                        "it has 1 partition and 12 are wanted, but the number is never changed, since a team's events would"
                                + " move to another partition: pass --partitions 1"));
    }

    @Test
    void differentNumbersAreNotWanted() {
        List<TopicSpec> wanted = wanted(12).stream()
                .map(spec -> spec.role() == TopicRole.ACTIONS
                        ? new TopicSpec(spec.role(), spec.name(), 6, 3, spec.configs())
                        : spec)
                .toList();
        String reason =
                "periods, actions and app-rerouted must have the same number of partitions, but 12, 6 and 12 are"
                        + " wanted: correct topics.yaml";
        assertThat(refusals(wanted, Map.of()))
                .isEqualTo(Map.of("periods", reason, "actions", reason, "app-rerouted", reason));
    }

    @Test
    void anInstanceLearnsTheNumberItShares() {
        assertThat(StartupCheck.sharedPartitions(roles(), counts(12, 12, 12))).isEqualTo(12);
    }

    @Test
    void anInstanceDoesNotStartWithoutItsTopics() {
        Map<String, Integer> counts = counts(12, 12, 12);
        counts.remove("periods");
        assertThatThrownBy(() -> StartupCheck.sharedPartitions(roles(), counts))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("topic periods does not exist; run `period-view topics --apply`"
                        + " (with the same --topic-prefix and --application-id)");
        counts.remove("dead-letters");
        assertThatThrownBy(() -> StartupCheck.sharedPartitions(roles(), counts))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("topics periods and dead-letters do not exist; run `period-view topics --apply`"
                        + " (with the same --topic-prefix and --application-id)");
    }

    @Test
    void anInstanceDoesNotStartOnDifferentNumbers() {
        assertThatThrownBy(() -> StartupCheck.sharedPartitions(roles(), counts(12, 6, 12)))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage(
                        "topics periods (12), actions (6) and app-rerouted (12) must have the same number of partitions;"
                                + " `period-view topics` says what to do");
    }

    private static Map<String, String> refusals(List<TopicSpec> wanted, Map<String, Integer> partitions) {
        TopicPlan plan = plan(wanted, partitions);
        Map<String, String> refusals = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            if (step instanceof Refused refused) {
                refusals.put(refused.topic(), refused.reason());
            }
        }
        assertThat(plan.isRefused()).isEqualTo(!refusals.isEmpty());
        return refusals;
    }

    private static TopicPlan plan(List<TopicSpec> wanted, Map<String, Integer> partitions) {
        Map<String, ActualTopic> existing = new LinkedHashMap<>();
        for (TopicSpec spec : wanted) {
            Integer count = partitions.get(spec.name());
            if (count != null) {
                existing.put(spec.name(), new ActualTopic(count, 3, spec.configs()));
            }
        }
        return TopicPlan.of(wanted, existing, 3);
    }

    private static List<TopicSpec> wanted(int partitions) {
        return TopicsFile.packaged().specs(new TopicNames(""), "app", OptionalInt.of(partitions), OptionalInt.empty());
    }

    private static Map<String, TopicRole> roles() {
        Map<String, TopicRole> roles = new LinkedHashMap<>();
        wanted(12).forEach(spec -> roles.put(spec.name(), spec.role()));
        return roles;
    }

    private static Map<String, Integer> counts(int periods, int actions, int rerouted) {
        return new LinkedHashMap<>(Map.of(
                "periods", periods, "actions", actions, "api-keys", 1, "dead-letters", 3, "app-rerouted", rerouted));
    }
}
