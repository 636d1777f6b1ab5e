package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.kafka.TopicReader;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.TopicNames;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The topic {@code dead-letters} as it is when this is made. First narrow down which of its records to read, then read
 * them, as often as needed. One thread at a time.
 */
final class DeadLetterTopic implements AutoCloseable {

    private final TopicNames names;
    private final List<TopicPartition> partitions;
    private final TopicReader reader;
    private final Map<TopicPartition, Long> starts;
    private final Map<TopicPartition, Long> ends;

    DeadLetterTopic(KafkaOptions options, KafkaCluster cluster) throws InterruptedException {
        this.names = options.topics();
        this.partitions = cluster.partitions(names.deadLetters());
        this.reader = new TopicReader(options, partitions);
        this.ends = reader.ends();
        this.starts = new HashMap<>();
        partitions.forEach(partition -> starts.put(partition, 0L));
    }

    /** Excludes what was rejected before this time, in milliseconds since the epoch. */
    void narrowToSince(long time) {
        if (time > 0) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, time));
            starts.putAll(ends);
            starts.putAll(reader.offsetsAt(times));
        }
    }

    /** Excludes what is before the first and after the last of these places. */
    void narrowTo(Collection<RecordOffset> places) {
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, Long> last = new HashMap<>();
        for (RecordOffset place : places) {
            TopicPartition partition = new TopicPartition(names.deadLetters(), place.partition());
            first.merge(partition, place.offset(), Math::min);
            last.merge(partition, place.offset() + 1, Math::max);
        }
        for (TopicPartition partition : partitions) {
            ends.merge(partition, last.getOrDefault(partition, 0L), Math::min);
            starts.put(partition, first.getOrDefault(partition, ends.getOrDefault(partition, 0L)));
        }
    }

    /** Excludes what comes before the last {@code count} that match; holds only their offsets to find that out. */
    void narrowToLast(int count, Predicate<DeadLetterRecord> matches) {
        Queue<RecordOffset> latest = new ArrayDeque<>();
        read(letter -> {
            if (matches.test(letter)) {
                latest.add(letter.place());
                if (latest.size() > count) {
                    latest.remove();
                }
            }
        });
        starts.putAll(ends);
        for (RecordOffset place : latest) {
            starts.merge(new TopicPartition(names.deadLetters(), place.partition()), place.offset(), Math::min);
        }
    }

    /** Reads what is not excluded, by the time of rejection. */
    void read(Consumer<DeadLetterRecord> sink) {
        reader.seek(starts);
        reader.read(ends, record -> sink.accept(DeadLetterRecord.of(record, names)));
    }

    /** Reads what is added after the end, as it arrives, until {@code stop}. */
    void follow(BooleanSupplier stop, Consumer<DeadLetterRecord> sink) {
        reader.seek(ends);
        reader.follow(stop, record -> sink.accept(DeadLetterRecord.of(record, names)));
    }

    @Override
    public void close() {
        reader.close();
    }
}
