package io.periodview.topics.provisioning;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a cluster says of itself. As safe for threads as its Admin, which it does not close. */
record TopicCluster(Admin admin) {

    /** Those of the topics that exist, with their settings in effect. */
    Map<String, ActualTopic> describe(Collection<String> topics) throws InterruptedException {
        Map<String, TopicDescription> descriptions = descriptions(topics);
        Map<String, ActualTopic> existing = new LinkedHashMap<>();
        configs(descriptions.keySet()).forEach((topic, config) -> {
            TopicDescription description = descriptions.get(topic);
            if (description != null) {
                existing.put(
                        topic,
                        new ActualTopic(
                                description.partitions().size(), replicationFactor(description), values(config)));
            }
        });
        return existing;
    }

    /** The number of partitions of those of the topics that exist. */
    Map<String, Integer> partitions(Collection<String> topics) throws InterruptedException {
        Map<String, Integer> partitions = new LinkedHashMap<>();
        descriptions(topics)
                .forEach((topic, description) ->
                        partitions.put(topic, description.partitions().size()));
        return partitions;
    }

    /** Whether all of these topics can be found and written. */
    boolean serves(Collection<String> topics) throws InterruptedException {
        Map<String, TopicDescription> descriptions = descriptions(topics);
        return descriptions.size() == topics.size()
                && descriptions.values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty());
    }

    int brokers() throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
            throw failed("count the brokers", e);
        }
    }

    static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    static ProvisioningException failed(String what, ExecutionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String reason = cause instanceof TimeoutException ? "the cluster does not answer (" + message + ")" : message;
        return new ProvisioningException("Cannot " + what + ": " + reason, cause);
    }

    private Map<String, TopicDescription> descriptions(Collection<String> topics) throws InterruptedException {
        return known(
                "describe topic ", new TreeMap<>(admin.describeTopics(topics).topicNameValues()));
    }

    private Map<String, Config> configs(Collection<String> topics) throws InterruptedException {
        Map<String, KafkaFuture<Config>> answers = new TreeMap<>();
        admin.describeConfigs(topics.stream().map(TopicCluster::resource).toList())
                .values()
                .forEach((resource, config) -> answers.put(resource.name(), config));
        return known("read the settings of topic ", answers);
    }

    /** The answers about topics that exist. One broker may know of a new topic a moment before another. */
    private static <T> Map<String, T> known(String what, Map<String, KafkaFuture<T>> answers)
            throws InterruptedException {
        Map<String, T> known = new LinkedHashMap<>();
        for (Map.Entry<String, KafkaFuture<T>> answer : answers.entrySet()) {
            try {
                known.put(answer.getKey(), answer.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed(what + answer.getKey(), e);
                }
            }
        }
        return known;
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) { // of a secret, which none of ours is
                values.put(entry.name(), entry.value());
            }
        }
        return values;
    }

    private static int replicationFactor(TopicDescription description) {
        return description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(1);
    }
}
