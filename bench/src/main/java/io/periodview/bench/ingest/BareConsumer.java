package io.periodview.bench.ingest;

import io.periodview.topics.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The limit of what can be read: takes every record, does nothing with it, commits ten times a second. */
final class BareConsumer {

    private BareConsumer() {}

    /** Arguments: bootstrap servers, prefix of the topics, partitions, group. */
    public static void main(String[] args) throws Exception {
        TopicNames names = new TopicNames(args[1]);
        AtomicBoolean stopped = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers",
                            args[0],
                            "group.id",
                            args[3],
                            "isolation.level",
                            "read_committed",
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            true,
                            "auto.commit.interval.ms",
                            100),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(names.periods(), names.actions()));
                while (!stopped.get()) {
                    consumer.poll(Duration.ofMillis(100));
                }
            }
        });
        reader.start();
        StandardInput.awaitEnd();
        stopped.set(true);
        reader.join();
    }
}
