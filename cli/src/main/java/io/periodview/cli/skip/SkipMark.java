package io.periodview.cli.skip;

import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.streams.intake.EventTopics;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service what it may pass over, by the offsets of a group that no consumer is in: what is before the offset, and
 * cannot be taken in. As safe for threads as its Admin, which it does not close.
 */
final class SkipMark {

    private final Admin admin;
    private final String group;

    SkipMark(Admin admin, String applicationId) {
        this.admin = admin;
        this.group = EventTopics.skipsGroup(applicationId);
    }

    /** Where the mark of a partition is, with the reason; null if there is none. */
    @Nullable
    OffsetAndMetadata get(TopicPartition partition) throws InterruptedException {
        return done(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "The skips so far cannot be read from group " + group)
                .get(partition);
    }

    /** Sets it behind an offset. */
    void setBehind(TopicPartition partition, long offset, String reason) throws InterruptedException {
        done(
                admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset + 1, reason)))
                        .all(),
                "The service could not be told: the offset of group " + group + " was not stored");
    }

    private static <T> T done(KafkaFuture<T> future, String otherwise) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(otherwise + ": " + KafkaErrors.reason(e), e);
        }
    }
}
