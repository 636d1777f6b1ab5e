package io.periodview.streams.partition;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the events of the partitions that a thread owns. */
final class EventConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final String HEARTBEATS = "heartbeat-total";

    /** At the lag of an owner, which is for operators only. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);

    private final LocalPartitions partitions;
    private final ReadGate gate;
    private final ReadGate.PauseAndResume ungated = new ReadGate.PauseAndResume() {
        @Override
        public void pause(Collection<TopicPartition> paused) {
            EventConsumer.super.pause(paused);
        }

        @Override
        public void resume(Collection<TopicPartition> resumed) {
            EventConsumer.super.resume(resumed);
        }
    };
    private final ClientCounter heartbeats = new ClientCounter(this, HEARTBEATS);
    private long lagAt = System.nanoTime() - LAG_INTERVAL.toNanos();

    EventConsumer(Map<String, Object> config, LocalPartitions partitions) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.partitions = partitions;
        this.gate = new ReadGate(partitions);
    }

    @Override
    public void pause(Collection<TopicPartition> paused) {
        gate.paused(paused);
        super.pause(paused);
    }

    /** What may not be read yet stays paused for now. */
    @Override
    public void resume(Collection<TopicPartition> resumed) {
        super.resume(gate.resumable(resumed));
    }

    /**
     * Whatever can fail, or answers late, comes before the records: those that a poll returns and does not hand over
     * are lost. And heartbeats are counted that this very poll heeds: if the group has moved on, it takes the
     * partitions away.
     */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        gate.apply(this, ungated);
        assignment().forEach(this::initializePosition);
        reportLag();
        if (!assignment().isEmpty() && partitions.takeRebalanceRequest()) {
            enforceRebalance("local state was lost");
        }
        double answered = heartbeats.value();
        ConsumerRecords<byte[], byte[]> records = pollInRange(timeout);
        for (TopicPartition partition : records.partitions()) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null) {
                List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                owned.offsets()
                        .polled(
                                partition.topic(),
                                batch.get(0).offset(),
                                batch.get(batch.size() - 1).offset());
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned != null) {
                owned.offsets()
                        .consumerAt(
                                partition.topic(),
                                next.offset(),
                                next.leaderEpoch().orElse(-1));
            }
        });
        partitions.leaseOf(Thread.currentThread()).polled(answered);
        return records;
    }

    /**
     * Kafka Streams would go to the start of the log, in silence, if it does not have the consumer's position any more: its
     * events were deleted before they were read, or it was truncated, and others may be there by now.
     */
    private ConsumerRecords<byte[], byte[]> pollInRange(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            for (TopicPartition partition : e.partitions()) {
                OwnedPartition owned = partitions.active(partition.partition());
                if (owned == null) {
                    throw e;
                }
                if (e instanceof LogTruncationException truncation) {
                    OffsetAndMetadata divergent = truncation.divergentOffsets().get(partition);
                    owned.admission()
                            .truncated(partition, divergent == null ? 0 : divergent.offset(), position(partition));
                } else {
                    owned.admission().recheck();
                }
            }
            return ConsumerRecords.empty();
        }
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
        if (owned != null
                && owned.admission().isAtStart(partition.topic())
                && !owned.offsets().isInitialized(partition.topic())) {
            try {
                owned.offsets().consumerAt(partition.topic(), position(partition, Duration.ZERO));
            } catch (TimeoutException e) {
                return; // it is being looked up; a later poll has it
            }
        }
    }
}
