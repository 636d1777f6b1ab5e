package io.periodview.streams.partition;

import io.periodview.streams.fetch.BoundedFetches;
import io.periodview.streams.fetch.LargeRecords;
import io.periodview.streams.fetch.OmittingDeserializer;
import io.periodview.streams.fetch.PollBudget;
import io.periodview.streams.fetch.UnreadableRecordException;
import io.periodview.streams.memory.HeapBudgets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the events of the partitions that a thread owns. */
final class EventConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final String HEARTBEATS = "heartbeat-total";

    /** At the lag of an owner, which is for operators only. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);

    private final LocalPartitions partitions;
    private final ClientCounter heartbeats = new ClientCounter(this, HEARTBEATS);
    private long lagAt = System.nanoTime() - LAG_INTERVAL.toNanos();

    private final HeapBudgets heap;
    private final PollBudget budget = new PollBudget();
    private final UnprocessedBytes unprocessed;

    /** Paused by Kafka Streams since the last poll that held some back began. */
    private final Set<TopicPartition> pausedInPoll = new HashSet<>();

    EventConsumer(Map<String, Object> config, LocalPartitions partitions, HeapBudgets heap) {
        super(config, new ByteArrayDeserializer(), new OmittingDeserializer());
        this.partitions = partitions;
        this.heap = heap;
        this.unprocessed = new UnprocessedBytes(partitions);
        BoundedFetches.install(this, budget, LargeRecords.OMIT_VALUE);
    }

    /**
     * Whatever can fail, or answers late, comes before the records: those that a poll returns and does not hand over
     * are lost. And heartbeats are counted that this very poll heeds: if the group has moved on, it takes the
     * partitions away.
     */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        assignment().forEach(this::initializePosition);
        reportLag();
        if (!assignment().isEmpty() && partitions.takeRebalanceRequest()) {
            enforceRebalance("local state was lost");
        }
        double answered = heartbeats.value();
        ConsumerRecords<byte[], byte[]> records = pollWithinBounds(timeout);
        for (TopicPartition partition : records.partitions()) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null) {
                List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                long last = batch.get(batch.size() - 1).offset();
                owned.offsets().polled(partition.topic(), batch.get(0).offset(), last);
                unprocessed.returned(partition, owned, last, budget.taken(partition));
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null) {
                owned.offsets().consumerAt(partition.topic(), next.offset());
            }
        });
        partitions.leaseOf(Thread.currentThread()).polled(answered);
        return records;
    }

    /**
     * Partitions with records that wait get no more while there is too much of it. Polls go on: others have room, and
     * the group wants to hear from this member.
     */
    private ConsumerRecords<byte[], byte[]> pollWithinBounds(Duration timeout) {
        Set<TopicPartition> waiting = unprocessed.waitingAbove(heap.unprocessed());
        if (waiting.isEmpty()) {
            return pollBytes(timeout);
        }
        Set<TopicPartition> held = new HashSet<>(waiting);
        held.retainAll(assignment());
        held.removeAll(paused());
        super.pause(held);
        pausedInPoll.clear();
        try {
            return pollBytes(timeout);
        } finally {
            held.removeAll(pausedInPoll);
            held.retainAll(assignment());
            super.resume(held);
        }
    }

    private ConsumerRecords<byte[], byte[]> pollBytes(Duration timeout) {
        budget.begin(heap.poll());
        try {
            return super.poll(timeout);
        } catch (KafkaException e) {
            UnreadableRecordException unreadable = UnreadableRecordException.in(e);
            if (unreadable == null) {
                throw e;
            }
            TopicPartition partition = unreadable.partition();
            unreadable(partition, Math.max(position(partition), unreadable.offset()), unreadable);
            return ConsumerRecords.empty();
        }
    }

    /** Remembers what Kafka Streams wants while some are paused anyway. */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedInPoll.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedInPoll.removeAll(partitions);
        super.resume(partitions);
    }

    /** A partition's next record cannot be read, and every poll will say so. */
    void unreadable(TopicPartition partition, long offset, UnreadableRecordException cause) {
        throw cause;
    }

    /** What the consumer knows of the ends without asking anybody. */
    private void reportLag() {
        long now = System.nanoTime();
        if (now - lagAt < LAG_INTERVAL.toNanos()) {
            return;
        }
        lagAt = now;
        for (TopicPartition partition : assignment()) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null) {
                currentLag(partition).ifPresent(lag -> owned.offsets().updateLag(partition.topic(), lag));
            }
        }
    }

    /** Where nothing comes, the consumer's position does not change, and the poll does not report it. */
    private void initializePosition(TopicPartition partition) {
        OwnedPartition owned = partitions.active(partition.partition());
        if (owned != null && !owned.offsets().isInitialized(partition.topic())) {
            try {
                owned.offsets().consumerAt(partition.topic(), position(partition, Duration.ZERO));
            } catch (TimeoutException e) {
                return; // it is being looked up; a later poll has it
            }
        }
    }
}
