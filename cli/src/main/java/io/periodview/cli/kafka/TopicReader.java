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
 * Reads the committed records of some partitions, from their start unless told otherwise, to where they end when asked.
 * What is in memory at a time is what one fetch brings. One thread at a time.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaOptions options;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long lastProgress;

    public TopicReader(KafkaOptions options, Collection<TopicPartition> partitions) {
        this.options = options;
        this.partitions = List.copyOf(partitions);
        Map<String, Object> properties = options.consumerProperties();
        // At the end of the topic a fetch is always under way, and closing waits for it: half a second by default.
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        // What retention removes while it is being read is gone; what comes after it is read.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer = new KafkaConsumer<>(properties);
        consumer.assign(this.partitions);
        consumer.seekToBeginning(this.partitions);
    }

    /** Goes to these offsets; partitions that are not named stay where they are. */
    public void seek(Map<TopicPartition, Long> offsets) {
        offsets.forEach(consumer::seek);
    }

    /** Where the partitions end now, behind their last record; what a transaction holds back is beyond. */
    public Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(partitions, PATIENCE);
    }

    /**
     * The first offset in each partition whose record has this time or a later one; none where there is no such record.
     *
     * @param times in milliseconds since the epoch, not negative
     */
    public Map<TopicPartition, Long> offsetsAt(Map<TopicPartition, Long> times) {
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((partition, at) -> {
            if (at != null) {
                offsets.put(partition, at.offset());
            }
        });
        return offsets;
    }

    /**
     * Hands on all records before these ends: of each partition in their order, and over all by their time, as far as
     * it goes on.
     *
     * @throws CommandFailed if the cluster does not bring them
     */
    public void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> waiting = new HashMap<>();
        partitions.forEach(partition -> waiting.put(partition, new ArrayDeque<>()));
        Map<TopicPartition, Long> beyond = new HashMap<>();
        lastProgress = System.nanoTime();
        long lastSum = -1;
        while (true) {
            List<TopicPartition> toFetch = handOn(waiting, ends, sink);
            if (toFetch.isEmpty()) {
                consumer.resume(partitions);
                seek(beyond);
                return;
            }
            // Whoever has run ahead waits: the heap must not depend on how the times are spread over the partitions.
            List<TopicPartition> ahead = new ArrayList<>(partitions);
            ahead.removeAll(toFetch);
            consumer.pause(ahead);
            consumer.resume(toFetch);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    queue(waiting, partition).add(record);
                } else {
                    beyond.putIfAbsent(partition, record.offset());
                }
            }
            long sum = toFetch.stream().mapToLong(this::position).sum();
            long now = System.nanoTime();
            if (sum != lastSum) {
                lastSum = sum;
                lastProgress = now;
            } else if (now - lastProgress > PATIENCE.toNanos()) {
                throw new CommandFailedException("Topic " + toFetch.get(0).topic() + " on " + options.bootstrapServers()
                        + " cannot be read to its end; are all of its brokers up?");
            }
        }
    }

    /** Hands on whatever comes from here on, as it comes, until told to stop. */
    public void follow(BooleanSupplier stop, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        while (!stop.getAsBoolean()) {
            consumer.poll(POLL).forEach(sink);
        }
    }

    /** Hands on, by time, until a partition that has more has nothing waiting; returns all such partitions. */
    private List<TopicPartition> handOn(
            Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> waiting,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        List<TopicPartition> toFetch = new ArrayList<>();
        while (true) {
            ConsumerRecord<byte[], byte[]> first = null;
            for (TopicPartition partition : partitions) {
                ConsumerRecord<byte[], byte[]> head = queue(waiting, partition).peek();
                if (head == null && position(partition) < ends.getOrDefault(partition, 0L)) {
                    toFetch.add(partition);
                } else if (head != null && (first == null || head.timestamp() < first.timestamp())) {
                    first = head;
                }
            }
            if (first == null || !toFetch.isEmpty()) {
                return toFetch;
            }
            queue(waiting, new TopicPartition(first.topic(), first.partition())).remove();
            sink.accept(first); // which may take its time
            lastProgress = System.nanoTime();
        }
    }

    private static Queue<ConsumerRecord<byte[], byte[]>> queue(
            Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> waiting, TopicPartition partition) {
        return waiting.computeIfAbsent(partition, unknown -> new ArrayDeque<>());
    }

    private long position(TopicPartition partition) {
        return consumer.position(partition, PATIENCE);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
