package io.periodview.cli.topics;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.topics.provisioning.ProvisioningException;
import io.periodview.topics.provisioning.TopicPlan;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code period-view topics}. */
@Command(
        name = "topics",
        description = "Show what is to change in the topics, or apply it. Never deletes anything.",
        footer = {
            "",
            "Examples:",
            "  period-view topics",
            "  period-view topics --apply",
            "  period-view topics --apply --partitions 48 --topic-prefix staging-",
        })
public final class TopicsCommand implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--apply", description = "Apply the changes.")
    private boolean apply;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of periods and actions; can never be changed later. Default: 12")
    private @Nullable Integer partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Of new topics. Default: 3, or as many as there are brokers")
    private @Nullable Integer replicationFactor;

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            description = "Of the service, as in serve. Default: the topic prefix and period-view")
    private @Nullable String applicationId;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            TopicProvisioner provisioner = new TopicProvisioner(cluster.admin());
            TopicPlan plan = provisioner.plan(TopicsFile.packaged()
                    .specs(
                            kafka.topics(),
                            kafka.applicationId(applicationId),
                            optional(partitions),
                            optional(replicationFactor)));
            spec.commandLine().getOut().println(plan);
            if (apply) {
                provisioner.apply(plan);
            }
            return plan.isRefused() ? 1 : 0;
        } catch (ProvisioningException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
