package io.periodview.sandbox;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.periodview.sandbox.SampleEvent.Kind;
import io.periodview.topics.EventKey;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what an earlier run of the sample has published. */
final class SampleReader {

    private static final Logger LOG = LoggerFactory.getLogger(SampleReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);

    private SampleReader() {}

    /** Reads both topics to their ends, and returns whether they had any event of the sample. */
    static boolean readInto(VenueDay day, String bootstrapServers, TopicNames names) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "sample-reader",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            boolean periods = read(consumer, names.periods(), Kind.PERIOD, day);
            return read(consumer, names.actions(), Kind.ACTION, day) || periods;
        }
    }

    private static boolean read(Consumer<byte[], byte[]> consumer, String topic, Kind kind, VenueDay day) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<EventKey, byte[]> last = new HashMap<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
                EventKey key = EventKey.parse(event.key());
                if (key == null || !day.hasTeam(key.teamId())) {
                    continue;
                }
                if (event.value() == null) {
                    last.remove(key);
                } else {
                    last.put(key, event.value());
                }
            }
        }
        boolean any = false;
        for (Map.Entry<EventKey, byte[]> event : last.entrySet()) {
            any |= restore(day, kind, event.getKey(), event.getValue());
        }
        return any;
    }

    private static boolean restore(VenueDay day, Kind kind, EventKey key, byte[] value) {
        try {
            return day.restore(kind, key.teamId(), key.id(), JSON.readTree(value));
        } catch (JacksonException malformed) {
            LOG.debug("{} is not of the sample", key, malformed); // the service reports what is wrong with it
            return false;
        } catch (IOException e) {
            throw new AssertionError("Bytes in memory cannot fail to be read", e);
        }
    }
}
