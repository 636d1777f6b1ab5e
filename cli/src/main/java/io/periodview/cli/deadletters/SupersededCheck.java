package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.kafka.TopicReader;
import io.periodview.cli.terminal.Progress;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.RecordOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Finds newer events with the candidates' keys: reads each topic concerned once, starting at the first candidate, and
 * from then on only what was added since. One thread at a time.
 */
final class SupersededCheck implements AutoCloseable {

    private final Map<EventOf, List<ReplayCandidate>> candidates;
    private final Map<RecordOffset, RecordOffset> byOrigin = new HashMap<>();
    private final TopicReader reader;
    private final Progress progress;
    private final AtomicLong records = new AtomicLong();
    private final String prefix;

    /** @param topic with its prefix */
    record EventOf(String topic, Bytes key) {}

    SupersededCheck(
            KafkaOptions options,
            KafkaCluster cluster,
            Map<EventOf, List<ReplayCandidate>> candidates,
            Progress progress)
            throws InterruptedException {
        this.candidates = candidates;
        this.progress = progress;
        this.prefix = options.topics().prefix();
        List<RecordOrigin> origins = candidates.values().stream()
                .flatMap(List::stream)
                .map(ReplayCandidate::origin)
                .toList();
        candidates
                .values()
                .forEach(same -> same.forEach(candidate -> byOrigin.put(place(candidate.origin()), candidate.place())));
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : origins.stream().map(RecordOrigin::topic).distinct().toList()) {
            partitions.addAll(cluster.partitions(topic));
        }
        this.reader = new TopicReader(options, partitions);
        reader.seek(starts(origins, partitions));
    }

    /** In a candidate's own partition its own record, in the others the first record that may be as late. */
    private Map<TopicPartition, Long> starts(List<RecordOrigin> origins, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, Long> earliest = new HashMap<>();
        for (RecordOrigin origin : origins) {
            TopicPartition partition = new TopicPartition(origin.topic(), origin.partition());
            first.merge(partition, origin.offset(), Math::min);
            earliest.merge(partition, Math.max(0, origin.timestamp()), Math::min);
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        earliest.forEach((of, time) -> partitions.stream()
                .filter(partition -> partition.topic().equals(of.topic()) && !partition.equals(of))
                .forEach(partition -> times.merge(partition, time, Math::min)));
        Map<TopicPartition, Long> starts = reader.ends(); // before looking up times: records added meanwhile are read
        first.forEach((partition, offset) -> starts.computeIfPresent(partition, (same, end) -> Math.min(offset, end)));
        reader.offsetsAt(times).forEach((partition, offset) -> starts.merge(partition, offset, Math::min));
        return starts;
    }

    /** Reads on to the current ends of the topics. */
    void catchUp() {
        reader.read(reader.ends(), this::see);
    }

    private void see(ConsumerRecord<byte[], byte[]> record) {
        records.incrementAndGet();
        progress.advance(records::get, () -> "");
        if (record.key() != null) {
            candidates
                    .getOrDefault(new EventOf(record.topic(), Bytes.wrap(record.key())), List.of())
                    .forEach(candidate -> candidate.see(record, shorten(record.topic())));
        }
    }

    /** What has superseded a candidate, as a sentence; null if nothing has. */
    @Nullable
    String superseded(ReplayCandidate candidate) {
        RecordOffset newer = candidate.newer();
        if (newer != null) {
            RecordOffset rejected = byOrigin.get(newer);
            return "superseded by " + newer + (rejected == null ? "" : " (" + rejected + ")");
        }
        return candidate.isOriginGone()
                ? "superseded by an event that is gone, too: " + place(candidate.origin())
                        + " was removed by compaction"
                : null;
    }

    private RecordOffset place(RecordOrigin origin) {
        return new RecordOffset(shorten(origin.topic()), origin.partition(), origin.offset());
    }

    private String shorten(String topic) {
        return topic.substring(prefix.length());
    }

    @Override
    public void close() {
        reader.close();
    }
}
