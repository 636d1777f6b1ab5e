package io.periodview.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SampleIT {

    private static final TopicNames NAMES = new TopicNames("it-");
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    @Test
    void sampleResumesAfterABrokerCrashAndAfterItsOwnRestart() throws Exception {
        Broker broker = Broker.start(BrokerOptions.in(directory));
        try {
            createTopics(broker);
            Set<EventKey> periods;
            try (Sample sample = Sample.start(broker.bootstrapServers(), NAMES, 1)) {
                assertThat(sample).isNotNull();
                periods = livePeriods(broker);
                assertThat(periods).extracting(EventKey::teamId).contains(Sample.TEAM_ID);
                long before = end(broker);
                assertThat(before).as("the last day is there at once").isGreaterThan(500);
                await().until(() -> end(broker) > before);

                broker.kill();
                Broker again = broker.startAgain();
                try (again) {
                    long afterCrash = end(again);
                    await().atMost(Duration.ofSeconds(30)).until(() -> end(again) > afterCrash);
                    sample.close();
                    long closed = end(again);
                    try (Sample next = Sample.start(again.bootstrapServers(), NAMES, 2)) {
                        assertThat(next).isNotNull();
                        assertThat(end(again)).as("no second history").isLessThan(closed + 100);
                        assertThat(livePeriods(again)).containsAll(periods);
                        await().until(() -> end(again) > closed + 1);
                    }
                }
            }
        } finally {
            broker.close();
        }
    }

    private static void createTopics(Broker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(NAMES.periods(), PARTITIONS, (short) 1),
                            new NewTopic(NAMES.actions(), PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** All end offsets of both topics together. */
    private static long end(Broker broker) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker)) {
            List<TopicPartition> partitions = Stream.of(NAMES.periods(), NAMES.actions())
                    .flatMap(topic -> partitions(topic).stream())
                    .toList();
            consumer.assign(partitions); // else it warns of each
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static Set<EventKey> livePeriods(Broker broker) {
        Map<EventKey, Boolean> live = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker)) {
            List<TopicPartition> partitions = partitions(NAMES.periods());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            await().until(() -> {
                for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofMillis(100))) {
                    EventKey key = Objects.requireNonNull(EventKey.parse(event.key()));
                    assertThat(event.partition()).isEqualTo(TeamPartitioner.partitionOf(key.teamId(), PARTITIONS));
                    live.put(key, event.value() != null);
                }
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        live.values().removeIf(there -> !there);
        return Set.copyOf(live.keySet());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Broker broker) {
        return new KafkaConsumer<>(Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class));
    }
}
