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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the events of the partitions that a thread owns. */
final class EventConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final String HEARTBEATS = "heartbeat-total";

    /** At the lag of an owner, which is for operators only. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

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

    private final HeapBudgets heap;
    private final PollBudget budget = new PollBudget();
    private final UnprocessedBytes unprocessed;

    /** Paused by Kafka Streams since the last poll that held some back began. */
    private final Set<TopicPartition> pausedInPoll = new HashSet<>();

    EventConsumer(Map<String, Object> config, LocalPartitions partitions, HeapBudgets heap) {
        super(config, new ByteArrayDeserializer(), new OmittingDeserializer());
        this.partitions = partitions;
        this.gate = new ReadGate(partitions);
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
        gate.apply(this, ungated);
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
        } catch (OffsetOutOfRangeException e) {
            outOfRange(e);
        } catch (KafkaException e) {
            unreadable(e);
        }
        return ConsumerRecords.empty();
    }

    @Override
    public long position(TopicPartition partition) {
        return positionOf(partition, () -> super.position(partition));
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return positionOf(partition, () -> super.position(partition, timeout));
    }

    /** Not only polls find out that the log does not have the position: then it is what it was, and is not read. */
    private long positionOf(TopicPartition partition, LongSupplier ask) {
        try {
            return ask.getAsLong();
        } catch (OffsetOutOfRangeException e) {
            outOfRange(e);
            Long position = e.offsetOutOfRangePartitions().get(partition);
            if (position == null) {
                throw new TimeoutException("The position in " + partition + " is not known yet", e);
            }
            return position;
        }
    }

    /**
     * Kafka Streams would go to the start of the log, in silence, if it does not have the consumer's position any more: its
     * events were deleted before they were read, or it was truncated, and others may be there by now.
     */
    private void outOfRange(OffsetOutOfRangeException e) {
        for (TopicPartition partition : e.partitions()) {
            OwnedPartition owned = partitions.active(partition.partition());
            if (owned == null) {
                throw e;
            }
            if (e instanceof LogTruncationException truncation) {
                OffsetAndMetadata end = truncation.divergentOffsets().get(partition);
                long next = Objects.requireNonNull(
                        truncation.offsetOutOfRangePartitions().get(partition));
                String why = owned.admission().truncated(partition, end == null ? 0 : end.offset(), next);
                if (why != null) {
                    LOG.error("Partition {} is not served: {}", partition.partition(), why);
                }
            } else {
                owned.admission().recheck();
            }
        }
    }

    /** Every poll would say so: the partition stops here, and the others of this thread go on. */
    private void unreadable(KafkaException e) {
        UnreadableRecordException record = UnreadableRecordException.in(e);
        OwnedPartition owned =
                record == null ? null : partitions.active(record.partition().partition());
        if (record == null || owned == null) {
            throw e;
        }
        TopicPartition partition = record.partition();
        long first = Math.max(position(partition), record.offset());
        long last = Math.max(first, record.nextOffset() - 1);
        String why = String.format(
                Locale.ROOT,
                "%s@%d cannot be read (%s). Events of %s stand still there until an operator allows to go on without:"
                        + " `period-view skip %s@%d --reason …`.",
                partition,
                first,
                record.getMessage(),
                partition,
                partition,
                last);
        LOG.error(why, e);
        owned.admission().unreadable(partition.topic(), last, why);
    }

    @Override
    public void pause(Collection<TopicPartition> paused) {
        pausedInPoll.addAll(paused);
        gate.paused(paused);
        super.pause(paused);
    }

    /** What may not be read yet stays paused for now. */
    @Override
    public void resume(Collection<TopicPartition> resumed) {
        pausedInPoll.removeAll(resumed);
        super.resume(gate.resumable(resumed));
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
