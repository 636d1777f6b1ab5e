package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.ChangelogFacts;
import io.periodview.streams.checkpoint.LogFacts;
import io.periodview.streams.intake.EventTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers for {@link LogFacts}. As thread-safe as its Admin, which it does not close. */
final class LogReader {

    /** Those who wait for an answer go on without it: a broker that is away is nothing new. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** What `period-view topics` gives periods, actions and changelogs; in use where the service may not read it. */
    private static final Duration DEFAULT_DELETIONS_KEPT = Duration.ofDays(14);

    private final Admin admin;
    private final String applicationId;

    LogReader(Admin admin, String applicationId) {
        this.admin = admin;
        this.applicationId = applicationId;
    }

    /**
     * @param names to be described
     * @param logs those of them of which ranges are wanted
     * @param rerouted one of them
     * @param deletionsKept as {@link #deletionsKept} said
     * @throws TimeoutException if the brokers do not answer
     * @throws ExecutionException if they refuse to
     */
    LogFacts ask(Collection<String> names, Collection<String> logs, String rerouted, Duration deletionsKept)
            throws InterruptedException, ExecutionException {
        long askedAt = System.currentTimeMillis();
        Map<String, LogFacts.Topic> topics = describe(names);
        Set<TopicPartition> wanted = partitionsOf(logs, topics);
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> starts =
                offsets(wanted, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
        // First of all: what the group has committed is in rerouted by then, though it may not be visible there yet.
        Map<TopicPartition, Long> committed = await(committed(applicationId));
        Map<TopicPartition, Long> skips = allowed(committed(EventTopics.skipsGroup(applicationId)));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                await(offsets(wanted, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
        Map<Integer, Long> written = new HashMap<>();
        await(offsets(partitionsOf(List.of(rerouted), topics), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED))
                .forEach((log, end) -> written.put(log.partition(), end.offset()));
        Map<TopicPartition, LogFacts.Range> ranges = new HashMap<>();
        await(starts).forEach((log, start) -> {
            ListOffsetsResultInfo end = ends.get(log);
            if (end != null) {
                ranges.put(log, new LogFacts.Range(start.offset(), end.offset()));
            }
        });
        return new LogFacts(askedAt, topics, ranges, Map.of(), written, committed, skips, deletionsKept);
    }

    private static Set<TopicPartition> partitionsOf(Collection<String> logs, Map<String, LogFacts.Topic> topics) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (String log : logs) {
            LogFacts.Topic topic = topics.get(log);
            for (int partition = 0; topic != null && partition < topic.partitions(); partition++) {
                partitions.add(new TopicPartition(log, partition));
            }
        }
        return partitions;
    }

    /**
     * What is known of a changelog; null if there is none.
     *
     * @throws TimeoutException if the brokers do not say: the caller tries again
     */
    @Nullable
    ChangelogFacts changelog(String name) {
        try {
            LogFacts.Topic topic = describe(List.of(name)).get(name);
            return topic == null ? null : new ChangelogFacts(topic.id(), deletionsKept(List.of(name)));
        } catch (ExecutionException e) {
            throw new TimeoutException("The brokers do not say what is known of " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("Interrupted while asking for " + name, e);
        }
    }

    /** For how long all of these topics are sure to have a deletion. */
    Duration deletionsKept(Collection<String> topics) throws InterruptedException, ExecutionException {
        try {
            return await(admin.describeConfigs(topics.stream()
                                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                                    .toList())
                            .all())
                    .values()
                    .stream()
                    .map(config -> config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG))
                    .map(entry -> Duration.ofMillis(Long.parseLong(entry.value())))
                    .min(Duration::compareTo)
                    .orElse(DEFAULT_DELETIONS_KEPT);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                return DEFAULT_DELETIONS_KEPT;
            }
            throw e;
        }
    }

    private Map<String, LogFacts.Topic> describe(Collection<String> names)
            throws InterruptedException, ExecutionException {
        Map<String, LogFacts.Topic> topics = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                TopicDescription topic = await(each.getValue());
                topics.put(
                        each.getKey(),
                        new LogFacts.Topic(topic.topicId(), topic.partitions().size()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return topics;
    }

    private KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Set<TopicPartition> wanted, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        wanted.forEach(log -> specs.put(log, spec));
        return admin.listOffsets(specs, new ListOffsetsOptions(isolation)).all();
    }

    private KafkaFuture<Map<TopicPartition, Long>> committed(String group) {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata(group)
                .thenApply(offsets -> {
                    Map<TopicPartition, Long> committed = new HashMap<>();
                    offsets.forEach((log, at) -> {
                        if (at != null) {
                            committed.put(log, at.offset());
                        }
                    });
                    return committed;
                });
    }

    /** None where the service may not read that group. */
    private static Map<TopicPartition, Long> allowed(KafkaFuture<Map<TopicPartition, Long>> skips)
            throws InterruptedException, ExecutionException {
        try {
            return await(skips);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupAuthorizationException) {
                return Map.of();
            }
            throw e;
        }
    }

    private static <T> T await(KafkaFuture<T> answer) throws InterruptedException, ExecutionException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("The brokers do not answer", e);
        }
    }
}
