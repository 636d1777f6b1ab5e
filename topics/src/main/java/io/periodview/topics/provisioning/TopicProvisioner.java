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
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes a plan for a cluster and carries it out. As safe for threads as its Admin, which it does not close; two
 * processes may provision one cluster at once.
 *
 * <p>What a cluster refuses, or does not answer within the Admin's timeouts, comes as a {@link ProvisioningException}
 * that says to a person which topic and why. An interrupt ends the wait.
 */
public final class TopicProvisioner {

    /** Until the brokers know of a change that the controller has acknowledged; usually some ten milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Admin admin;
    private final TopicCluster cluster;

    public TopicProvisioner(Admin admin) {
        this.admin = admin;
        this.cluster = new TopicCluster(admin);
    }

    /** Those of the topics that exist. */
    public Map<String, ActualTopic> describe(Collection<String> topics) throws InterruptedException {
        return cluster.describe(topics);
    }

    /** What is to be done; changes nothing. */
    public TopicPlan plan(List<TopicSpec> wanted) throws InterruptedException {
        int brokers = cluster.brokers();
        return TopicPlan.of(wanted, describe(names(wanted)), brokers);
    }

    /**
     * Takes the plan's steps and returns when the cluster serves the topics as they are wanted. What another process
     * changes meanwhile is planned again.
     *
     * @throws ProvisioningException if a step is refused, by the plan or by the cluster, normally before any is taken:
     *     the message names all of those; or if the brokers do not show the changes after half a minute
     */
    public void apply(TopicPlan plan) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        TopicPlan current = plan;
        boolean changed = false;
        while (!current.isUpToDate() || !cluster.serves(names(plan.wanted()))) {
            if (current.isRefused()) {
                throw new ProvisioningException(
                        (changed ? "Topics that another process has changed: " : "Nothing was changed: ")
                                + refusals(current));
            }
            // Tried first, so that one topic that exists after all, or one bad setting, does not leave half of a plan.
            if (take(current, true)) {
                changed = true;
                take(current, false);
            }
            pauseUntil(deadline, current);
            current = plan(plan.wanted());
        }
    }

    /** Takes all steps, or only tries to; false if a topic that was to be created is there already. */
    private boolean take(TopicPlan plan, boolean onlyTry) throws InterruptedException {
        Map<String, KafkaFuture<Void>> running = new LinkedHashMap<>();
        List<NewTopic> missing = missing(plan);
        if (!missing.isEmpty()) {
            admin.createTopics(missing, new CreateTopicsOptions().validateOnly(onlyTry))
                    .values()
                    .forEach((topic, done) -> running.put("create topic " + topic, done));
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = changes(plan);
        if (!changes.isEmpty()) {
            admin.incrementalAlterConfigs(changes, new AlterConfigsOptions().validateOnly(onlyTry))
                    .values()
                    .forEach((topic, done) -> running.put("alter topic " + topic.name(), done));
        }
        return await(running);
    }

    private static boolean await(Map<String, KafkaFuture<Void>> running) throws InterruptedException {
        boolean taken = true;
        List<ProvisioningException> failures = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<Void>> step : running.entrySet()) {
            try {
                step.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    taken = false;
                } else {
                    failures.add(TopicCluster.failed(step.getKey(), e));
                }
            }
        }
        throwAll(failures);
        return taken;
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
        Map<String, List<String>> topics = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            if (step instanceof Refused refused) {
                topics.computeIfAbsent(refused.reason(), reason -> new ArrayList<>())
                        .add(refused.topic());
            }
        }
        StringJoiner reasons = new StringJoiner("; ");
        topics.forEach((reason, of) -> reasons.add(Phrases.list(of) + ": " + reason));
        return reasons.toString();
    }

    private static List<String> names(List<TopicSpec> wanted) {
        return wanted.stream().map(TopicSpec::name).toList();
    }

    private static void pauseUntil(long deadline, TopicPlan open) throws InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new ProvisioningException("After " + PATIENCE.toSeconds() + " s the cluster does not show yet: "
                    + open.toString().replace("\n", "; "));
        }
        Thread.sleep(PAUSE.toMillis());
    }
}
