package io.periodview.bench.ingest;

import io.periodview.bench.peer.PostgresView;
import io.periodview.topics.TopicNames;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer that people would write: of each poll the last event of each key goes into PostgreSQL in one batch, with the
 * offsets in the same transaction. Two threads, as Period View has.
 */
public final class PostgresConsumer {

    private static final int THREADS = 2;

    private PostgresConsumer() {}

    /** Arguments: bootstrap servers, prefix of the topics, partitions, group, JDBC URL, records of a poll. */
    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection(args[4])) {
            PostgresView.createSchema(connection);
        }
        AtomicBoolean stopped = new AtomicBoolean();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> {
                try {
                    consume(args, stopped);
                } catch (Exception e) {
                    e.printStackTrace();
                    System.exit(1);
                }
            });
            threads[i].start();
        }
        StandardInput.awaitEnd();
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void consume(String[] args, AtomicBoolean stopped) throws Exception {
        TopicNames names = new TopicNames(args[1]);
        try (Connection connection = DriverManager.getConnection(args[4] + "&reWriteBatchedInserts=true");
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
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
                                false,
                                "max.poll.records",
                                Integer.parseInt(args[5]),
                                "max.partition.fetch.bytes",
                                4 << 20),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            connection.setAutoCommit(false);
            consumer.subscribe(List.of(names.periods(), names.actions()));
            while (!stopped.get()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (records.isEmpty()) {
                    continue;
                }
                Map<String, ConsumerRecord<byte[], byte[]>> latest = new LinkedHashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    latest.put(
                            record.topic() + " " + new String(record.key(), java.nio.charset.StandardCharsets.UTF_8),
                            record);
                }
                Map<TopicPartition, Long> next = new HashMap<>();
                Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
                records.nextOffsets().forEach((partition, offset) -> {
                    next.put(partition, offset.offset());
                    commit.put(partition, new OffsetAndMetadata(offset.offset()));
                });
                PostgresView.write(connection, names.periods(), latest.values(), next);
                consumer.commitAsync(commit, null); // for whoever watches; the offsets in the table count
            }
        }
    }
}
