package io.periodview.cli.kafka;

import io.periodview.cli.terminal.CommandFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of some partitions, from their start unless told to seek, up to given end offsets. Holds
 * about one fetch in memory. One thread at a time.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final KafkaOptions options;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long lastProgress;

    public TopicReader(KafkaOptions options, Collection<TopicPartition> partitions) {
        this.options = options;
        this.partitions = List.copyOf(partitions);
        Map<String, Object> properties = options.consumerProperties();
        // At the end of the topic a fetch is always in flight, and closing waits for it: half a second by default.
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        // If retention removes records while they are being read, reading goes on after them.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer = new KafkaConsumer<>(properties);
        consumer.assign(this.partitions);
        consumer.seekToBeginning(this.partitions);
    }

    /** Goes to these offsets; other partitions stay where they are. */
    public void seek(Map<TopicPartition, Long> offsets) {
        offsets.forEach(consumer::seek);
    }

    /** The current end offsets, after the last record; records of open transactions are beyond them. */
    public Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(partitions, TIMEOUT);
    }

    /**
     * The first offset in each partition with a record of this time or later; no entry where there is none.
     *
     * @param times in milliseconds since the epoch, not negative
     */
    public Map<TopicPartition, Long> offsetsAt(Map<TopicPartition, Long> times) {
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(times, TIMEOUT);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((partition, at) -> {
            if (at != null) {
                offsets.put(partition, at.offset());
            }
        });
        return offsets;
    }

    /**
     * Passes all records before these ends to the sink: in order within each partition, by time across partitions as far
     * as that allows.
     *
     * @throws CommandFailedException if the cluster does not deliver them
     */
    public void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> queued = new HashMap<>();
        partitions.forEach(partition -> queued.put(partition, new ArrayDeque<>()));
        Map<TopicPartition, Long> beyond = new HashMap<>();
        lastProgress = System.nanoTime();
        long lastSum = -1;
        while (true) {
            List<TopicPartition> toFetch = deliver(queued, ends, sink);
            if (toFetch.isEmpty()) {
                consumer.resume(partitions);
                seek(beyond);
                return;
            }
            // Partitions that are ahead are paused: the heap must not depend on how times are spread over partitions.
            List<TopicPartition> ahead = new ArrayList<>(partitions);
            ahead.removeAll(toFetch);
            consumer.pause(ahead);
            consumer.resume(toFetch);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    queue(queued, partition).add(record);
                } else {
                    beyond.putIfAbsent(partition, record.offset());
                }
            }
            long sum = toFetch.stream().mapToLong(this::position).sum();
            long now = System.nanoTime();
            if (sum != lastSum) {
                lastSum = sum;
                lastProgress = now;
            } else if (now - lastProgress > TIMEOUT.toNanos()) {
                throw new CommandFailedException("Topic " + toFetch.get(0).topic() + " on " + options.bootstrapServers()
                        + " cannot be read to its end; are all of its brokers up?");
            }
        }
    }

    /** Passes records to the sink as they arrive, until {@code stop}. */
    public void follow(BooleanSupplier stop, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        while (!stop.getAsBoolean()) {
            consumer.poll(POLL).forEach(sink);
        }
    }

    /** Delivers by time until a partition with more to come has nothing queued; returns all such partitions. */
    private List<TopicPartition> deliver(
            Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> queued,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        List<TopicPartition> toFetch = new ArrayList<>();
        while (true) {
            ConsumerRecord<byte[], byte[]> first = null;
            for (TopicPartition partition : partitions) {
                ConsumerRecord<byte[], byte[]> head = queue(queued, partition).peek();
                if (head == null && position(partition) < ends.getOrDefault(partition, 0L)) {
                    toFetch.add(partition);
                } else if (head != null && (first == null || head.timestamp() < first.timestamp())) {
                    first = head;
                }
            }
            if (first == null || !toFetch.isEmpty()) {
                return toFetch;
            }
            queue(queued, new TopicPartition(first.topic(), first.partition())).remove();
            sink.accept(first); // which may be slow
            lastProgress = System.nanoTime();
        }
    }

    private static Queue<ConsumerRecord<byte[], byte[]>> queue(
            Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> queued, TopicPartition partition) {
        return queued.computeIfAbsent(partition, unknown -> new ArrayDeque<>());
    }

    private long position(TopicPartition partition) {
        return consumer.position(partition, TIMEOUT);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
