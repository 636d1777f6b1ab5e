package io.periodview.cli.kafka;

import io.periodview.cli.terminal.CommandFailedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A cluster that is reachable. Connecting first lets a command fail within seconds where a producer or consumer would go
 * on trying. One thread at a time.
 */
public final class KafkaCluster implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final KafkaOptions options;
    private final Admin admin;

    private KafkaCluster(KafkaOptions options, Admin admin) {
        this.options = options;
        this.admin = admin;
    }

    /** @throws CommandFailedException after ten seconds at most, if the cluster does not answer or refuses access */
    public static KafkaCluster connect(KafkaOptions options) throws InterruptedException {
        Map<String, Object> properties = options.clientProperties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        KafkaCluster cluster;
        try {
            cluster = new KafkaCluster(options, Admin.create(properties));
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    "No Kafka client can be created for " + options.bootstrapServers() + ": " + KafkaErrors.reason(e),
                    e);
        }
        try {
            cluster.admin.describeCluster().clusterId().get();
            KafkaClientLog.unmuteConnections();
            return cluster;
        } catch (ExecutionException e) {
            cluster.close();
            throw cluster.unreachable(e);
        }
    }

    public Admin admin() {
        return admin;
    }

    /** @throws CommandFailedException if the topic is not there */
    public TopicDescription describe(String topic) throws InterruptedException {
        try {
            Map<String, TopicDescription> described =
                    admin.describeTopics(List.of(topic)).allTopicNames().get();
            return described.values().iterator().next();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new CommandFailedException(
                        "There is no topic " + topic + " on " + options.bootstrapServers()
                                + ". 'period-view topics --apply' creates it; --topic-prefix chooses others.",
                        e);
            }
            throw new CommandFailedException(
                    "Topic " + topic + " on " + options.bootstrapServers() + " cannot be described: "
                            + KafkaErrors.reason(e),
                    e);
        }
    }

    /** @throws CommandFailedException if the topic is not there */
    public List<TopicPartition> partitions(String topic) throws InterruptedException {
        return describe(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    @Override
    public void close() {
        admin.close();
    }

    private CommandFailedException unreachable(ExecutionException failure) {
        String servers = options.bootstrapServers();
        if (failure.getCause() instanceof TimeoutException) {
            return new CommandFailedException(
                    "No Kafka broker answers at " + servers + " (tried for " + TIMEOUT_MILLIS / 1000
                            + " s). Start one, or say where it is with --bootstrap-servers HOST:PORT; if it wants"
                            + " encryption or a login, say how with --kafka security.protocol=…",
                    failure);
        }
        return new CommandFailedException(
                "The Kafka broker at " + servers + " refuses access: " + KafkaErrors.reason(failure), failure);
    }
}
