package io.periodview.cli.chaos;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** What an operator may do to topics and groups, and had better not. Not thread-safe. */
final class TopicAdmin implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String GROUP = "period-view";

    private final Admin admin;

    TopicAdmin(String bootstrapServers) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private interface Request {
        KafkaFuture<?> send();
    }

    /** Until it succeeds: members of a group may still leave it, and a broker may not know of a setting yet. */
    private static void insist(Request request) {
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            request.send().get();
            return true;
        });
    }

    void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(TIMEOUT).until(() -> !admin.listTopics().names().get().contains(topic));
    }

    void alter(String topic, String setting, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    long end(TopicPartition log) throws Exception {
        return admin.listOffsets(Map.of(log, OffsetSpec.latest()))
                .partitionResult(log)
                .get()
                .offset();
    }

    /** Deletes the records before an offset, from a topic that is compacted. */
    void deleteHead(TopicPartition log, long before) throws Exception {
        alter(log.topic(), "cleanup.policy", "delete");
        insist(() -> admin.deleteRecords(Map.of(log, RecordsToDelete.beforeOffset(before)))
                .all());
        alter(log.topic(), "cleanup.policy", "compact");
    }

    void deleteGroup() {
        insist(() -> admin.deleteConsumerGroups(Set.of(GROUP)).all());
    }

    /**
     * Moves the offsets of a topic back or forward.
     *
     * @return what they are now
     */
    Map<TopicPartition, OffsetAndMetadata> moveOffsets(String topic, boolean forward, Random random) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        for (TopicPartition log : new ArrayList<>(committed.keySet())) {
            OffsetAndMetadata at = committed.get(log);
            if (log.topic().equals(topic) && at != null) {
                long to = forward ? end(log) : (long) (random.nextDouble() * at.offset());
                moved.put(log, new OffsetAndMetadata(to));
            }
        }
        insist(() -> admin.alterConsumerGroupOffsets(GROUP, moved).all());
        return moved;
    }

    @Override
    public void close() {
        admin.close();
    }
}
