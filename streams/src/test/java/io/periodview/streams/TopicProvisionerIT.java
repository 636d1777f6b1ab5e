package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.ActualTopic;
import io.periodview.topics.provisioning.ProvisioningException;
import io.periodview.topics.provisioning.StartupCheck;
import io.periodview.topics.provisioning.TopicPlan;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicSpec;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Topics provisioned on a real broker. It is here because the sandbox is built on the module that provisions. */
class TopicProvisionerIT {

    @TempDir
    static Path directory;

    private static Broker broker;
    private static Admin admin;

    private final TopicProvisioner provisioner;
    private final TopicNames names;
    private final String applicationId;

    /** Every test has an installation of its own. */
    TopicProvisionerIT(TestInfo test) {
        provisioner = new TopicProvisioner(admin);
        applicationId = test.getTestMethod().orElseThrow().getName();
        names = new TopicNames(applicationId + ".");
    }

    @BeforeAll
    static void startBroker() throws InterruptedException {
        broker = Broker.start(BrokerOptions.in(directory));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void createsWhatIsMissingAndThenHasNothingToDo() throws Exception {
        TopicPlan plan = provisioner.plan(wanted(12));
        provisioner.apply(plan);
        for (TopicPlan.Step step : plan.steps()) {
            TopicSpec spec = ((TopicPlan.Create) step).spec();
            ActualTopic topic = existing(spec.name());
            assertThat(topic.partitions()).isEqualTo(spec.partitions());
            assertThat(topic.replicationFactor()).isEqualTo(1);
            assertThat(topic.configs()).containsAllEntriesOf(spec.configs());
        }
        assertThat(provisioner.plan(wanted(12)).isUpToDate()).isTrue();
        assertThat(StartupCheck.sharedPartitions(admin, names, applicationId)).isEqualTo(12);
    }

    @Test
    void altersWhatWouldLoseEventsAndKeepsTheOperatorsSettings() throws Exception {
        Map<String, String> careless = Map.of("cleanup.policy", "delete", "retention.ms", "1", "segment.ms", "3600000");
        create(names.periods(), 12, careless);
        create(names.actions(), 12, Map.of("compression.type", "zstd", "delete.retention.ms", "99999999999"));
        provisioner.apply(provisioner.plan(wanted(12)));
        assertThat(existing(names.periods()).configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("retention.ms", "-1")
                .containsEntry("segment.ms", "3600000");
        assertThat(existing(names.actions()).configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("compression.type", "zstd")
                .containsEntry("delete.retention.ms", "99999999999");
        assertThat(provisioner.plan(wanted(12)).isUpToDate()).isTrue();
    }

    @Test
    void changesNothingAtAllWhenAnythingIsRefused() throws Exception {
        create(names.periods(), 6, Map.of("cleanup.policy", "delete"));
        TopicPlan refused = provisioner.plan(wanted(12));
        assertThatThrownBy(() -> provisioner.apply(refused))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith(
                        "Nothing was changed: " + names.periods() + ": it has 6 partitions and 12 are wanted")
                .hasMessageContaining("pass --partitions 6");
        assertThat(provisioner.describe(namesOf(wanted(12)))).containsOnlyKeys(names.periods());
        assertThat(existing(names.periods()).configs()).containsEntry("cleanup.policy", "delete");

        provisioner.apply(provisioner.plan(wanted(6)));
        assertThat(StartupCheck.sharedPartitions(admin, names, applicationId)).isEqualTo(6);
    }

    @Test
    void aPlanThatAnotherProcessWasFasterWithIsMadeAgain() throws Exception {
        TopicPlan stale = provisioner.plan(wanted(12));
        create(names.actions(), 12, Map.of());
        provisioner.apply(stale);
        assertThat(existing(names.actions()).configs()).containsEntry("cleanup.policy", "compact");
        assertThat(provisioner.plan(wanted(12)).isUpToDate()).isTrue();
    }

    @Test
    void aTopicThatAnotherProcessCreatedDifferentlyIsNotOverlooked() throws Exception {
        TopicPlan stale = provisioner.plan(wanted(12));
        create(names.actions(), 5, Map.of());
        assertThatThrownBy(() -> provisioner.apply(stale))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith("Nothing was changed: ")
                .hasMessageContaining(names.actions() + ": it has 5 partitions and 12 are wanted");
        assertThat(provisioner.describe(namesOf(wanted(12)))).containsOnlyKeys(names.actions());
    }

    @Test
    void manyProcessesMayProvisionAtOnce() throws Exception {
        ExecutorService processes = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> process = () -> {
                provisioner.apply(provisioner.plan(wanted(3)));
                return StartupCheck.sharedPartitions(admin, names, applicationId) == 3;
            };
            for (Future<Boolean> done : processes.invokeAll(List.of(process, process, process, process))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            processes.shutdownNow();
        }
    }

    @Test
    void whatTheBrokerRefusesIsSaidWithItsTopic() throws Exception {
        List<TopicSpec> wanted = new ArrayList<>(wanted(1));
        TopicSpec keys = wanted.get(2);
        wanted.set(2, new TopicSpec(keys.role(), keys.name(), 1, 1, Map.of("segment.bytes", "1")));
        assertThatThrownBy(() -> provisioner.apply(provisioner.plan(wanted)))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith("Cannot create topic " + names.apiKeys() + ": ")
                .hasMessageContaining("segment.bytes");
        assertThat(provisioner.describe(namesOf(wanted))).isEmpty();
    }

    @Test
    void anInstanceIsToldWhichTopicIsMissing() throws Exception {
        create(names.periods(), 12, Map.of());
        assertThatThrownBy(() -> StartupCheck.sharedPartitions(admin, names, applicationId))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith(
                        "topics " + names.actions() + ", " + names.apiKeys() + ", " + names.deadLetters() + " and "
                                + applicationId + "-rerouted do not exist; run `period-view topics --apply`");
    }

    @Test
    void aClusterThatDoesNotAnswerIsSaid() throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", "127.0.0.1:1", // nobody listens there
                "default.api.timeout.ms", "500",
                "request.timeout.ms", "500");
        try (Admin nobody = Admin.create(config)) {
            assertThatThrownBy(() -> new TopicProvisioner(nobody).plan(wanted(12)))
                    .isInstanceOf(ProvisioningException.class)
                    .hasMessageStartingWith("Cannot count the brokers: the cluster does not answer (Timed out");
        }
    }

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        await().until(() -> provisioner.describe(List.of(topic)).containsKey(topic));
    }

    private ActualTopic existing(String topic) throws InterruptedException {
        return Objects.requireNonNull(provisioner.describe(List.of(topic)).get(topic), topic);
    }

    private List<TopicSpec> wanted(int partitions) {
        return TopicsFile.packaged().specs(names, applicationId, OptionalInt.of(partitions), OptionalInt.empty());
    }

    private static List<String> namesOf(List<TopicSpec> specs) {
        return specs.stream().map(TopicSpec::name).toList();
    }
}
