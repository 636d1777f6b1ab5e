package io.periodview.topics.provisioning;

import io.periodview.topics.provisioning.TopicPlan.AlterConfig;
import io.periodview.topics.provisioning.TopicPlan.Change;
import io.periodview.topics.provisioning.TopicPlan.Create;
import io.periodview.topics.provisioning.TopicPlan.Refused;
import io.periodview.topics.provisioning.TopicPlan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes a plan for a cluster and carries it out. As safe for threads as its Admin, which it does not close; two
 * processes may provision one cluster at once.
 *
 * <p>What a cluster refuses, or does not answer within the Admin's timeouts, comes as a {@link ProvisioningException} that
 * says to a person which topic and why. An interrupt ends the wait.
 */
public final class TopicProvisioner {

    /** Until brokers know of a topic that was created; usually some ten milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Admin admin;
    private final TopicCluster cluster;

    public TopicProvisioner(Admin admin) {
        this.admin = admin;
        this.cluster = new TopicCluster(admin);
    }

    /** Those of the topics that exist. */
    public Map<String, ExistingTopic> describe(Collection<String> topics) throws InterruptedException {
        return cluster.describe(topics);
    }

    /** What is to be done; changes nothing. */
    public TopicPlan plan(List<TopicSpec> wanted) throws InterruptedException {
        Map<String, ExistingTopic> existing = describe(names(wanted));
        return TopicPlan.of(wanted, existing, cluster.brokers());
    }

    /**
     * Takes the plan's steps and returns when all brokers that were asked serve the topics. If another process creates
     * one of them meanwhile, the rest is planned anew and done.
     *
     * @throws ProvisioningException if a step is refused, before any is taken; or if the cluster refuses some: the message
     *     names all of those, the others are done, and it may be applied again
     */
    public void apply(TopicPlan plan) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        TopicPlan current = plan;
        while (execute(current)) {
            pauseUntil(deadline, "topics that are being created by another process do not appear");
            current = plan(plan.wanted());
        }
        while (!cluster.serves(names(plan.wanted()))) {
            pauseUntil(deadline, "topics were created but are not served yet");
        }
    }

    /** Takes all steps, and says whether a topic was there already that was to be created. */
    private boolean execute(TopicPlan plan) throws InterruptedException {
        if (plan.isRefused()) {
            throw new ProvisioningException(refusals(plan));
        }
        Map<String, KafkaFuture<Void>> running = new LinkedHashMap<>();
        List<NewTopic> missing = missing(plan);
        if (!missing.isEmpty()) {
            admin.createTopics(missing).values().forEach((topic, done) -> running.put("create topic " + topic, done));
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = changes(plan);
        if (!changes.isEmpty()) {
            admin.incrementalAlterConfigs(changes)
                    .values()
                    .forEach((topic, done) -> running.put("alter topic " + topic.name(), done));
        }
        return await(running);
    }

    private static boolean await(Map<String, KafkaFuture<Void>> running) throws InterruptedException {
        boolean existed = false;
        List<ProvisioningException> failures = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<Void>> step : running.entrySet()) {
            try {
                step.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    existed = true;
                } else {
                    failures.add(TopicCluster.failed(step.getKey(), e));
                }
            }
        }
        throwAll(failures);
        return existed;
    }

    private static void throwAll(List<ProvisioningException> failures) {
        if (failures.isEmpty()) {
            return;
        }
        List<String> messages = failures.stream().map(TopicProvisioner::message).toList();
        ProvisioningException all = new ProvisioningException(String.join("; ", messages), failures.get(0));
        failures.subList(1, failures.size()).forEach(all::addSuppressed);
        throw all;
    }

    private static String message(ProvisioningException failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("");
    }

    private static List<NewTopic> missing(TopicPlan plan) {
        List<NewTopic> topics = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step instanceof Create create) {
                TopicSpec spec = create.spec();
                topics.add(new NewTopic(spec.name(), spec.partitions(), (short) spec.replicationFactor())
                        .configs(spec.configs()));
            }
        }
        return topics;
    }

    private static Map<ConfigResource, Collection<AlterConfigOp>> changes(TopicPlan plan) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            if (step instanceof AlterConfig alter) {
                List<AlterConfigOp> settings = new ArrayList<>();
                for (Map.Entry<String, Change> change : alter.changes().entrySet()) {
                    ConfigEntry entry =
                            new ConfigEntry(change.getKey(), change.getValue().to());
                    settings.add(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
                }
                changes.put(TopicCluster.resource(alter.topic()), settings);
            }
        }
        return changes;
    }

    private static String refusals(TopicPlan plan) {
        List<String> reasons = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step instanceof Refused refused) {
                reasons.add(refused.topic() + ": " + refused.reason());
            }
        }
        return "Nothing was changed: " + String.join("; ", reasons);
    }

    private static List<String> names(List<TopicSpec> wanted) {
        return wanted.stream().map(TopicSpec::name).toList();
    }

    private static void pauseUntil(long deadline, String otherwise) throws InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new ProvisioningException("After " + PATIENCE.toSeconds() + " s " + otherwise);
        }
        Thread.sleep(PAUSE.toMillis());
    }
}
