package io.periodview.streams.cluster;

import io.periodview.streams.intake.EventTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the next start build the view from periods and actions: the group has read nothing of them, and there is no
 * changelog. Local state belongs to the changelog that is gone, so every instance discards it. What is rerouted already is
 * skipped: its events are read again where they came from. May be repeated, also after it has failed halfway.
 */
public final class Rebuild {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private Rebuild() {}

    /** Other instances are running. */
    public static final class InstancesRunningException extends RuntimeException {
        InstancesRunningException(String message) {
            super(message);
        }
    }

    /**
     * @param changelog the name of the view's changelog
     * @param session after which the group gives up an instance that was killed
     * @throws InstancesRunningException if instances of the application are running
     * @throws ExecutionException if the brokers refuse something
     */
    public static void prepare(
            Admin admin, String applicationId, EventTopics topics, String changelog, Duration session)
            throws InterruptedException, ExecutionException {
        awaitNoMembers(admin, applicationId, session);
        skipRerouted(admin, applicationId, topics);
        delete(admin, changelog);
        forget(admin, applicationId, topics);
        LOG.warn(
                "The view of {} is built anew from {} and {}: all periodActionIds will be new. Until it shows everything"
                        + " that the topics have now, requests get a 503",
                applicationId,
                topics.periods(),
                topics.actions());
    }

    private static void awaitNoMembers(Admin admin, String group, Duration session)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + session.plusSeconds(2).toNanos();
        while (true) {
            int members = members(admin, group);
            if (members == 0) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new InstancesRunningException("The view cannot be rebuilt while instances of " + group
                        + " run: the group has " + members + " stream threads. Stop all of them first.");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private static int members(Admin admin, String group) throws InterruptedException, ExecutionException {
        try {
            return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                    .mapToInt(description -> description.members().size())
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    private static void skipRerouted(Admin admin, String group, EventTopics topics)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitionsOf(topics.rerouted(), topics).forEach(log -> wanted.put(log, OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                get(admin.listOffsets(wanted).all());
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        ends.forEach((log, end) -> offsets.put(log, new OffsetAndMetadata(end.offset())));
        get(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    private static void delete(Admin admin, String topic) throws InterruptedException, ExecutionException {
        try {
            get(admin.deleteTopics(List.of(topic)).all());
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (get(admin.listTopics().names()).contains(topic) && System.nanoTime() - deadline < 0) {
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
    }

    private static void forget(Admin admin, String group, EventTopics topics)
            throws InterruptedException, ExecutionException {
        Set<TopicPartition> logs = new HashSet<>(partitionsOf(topics.periods(), topics));
        logs.addAll(partitionsOf(topics.actions(), topics));
        get(admin.deleteConsumerGroupOffsets(group, logs).all());
    }

    private static List<TopicPartition> partitionsOf(String topic, EventTopics topics) {
        return IntStream.range(0, topics.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new ExecutionException(new org.apache.kafka.common.errors.TimeoutException(
                    "The brokers did not answer within " + TIMEOUT.toSeconds() + " s", e));
        }
    }
}
