package io.periodview.cli.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** All committed records of some topics. Immutable. */
record Backup(List<ConsumerRecord<byte[], byte[]>> records) {

    static Backup of(String bootstrapServers, String... topics) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String topic : topics) {
            Topics.readCommitted(bootstrapServers, topic, records::add);
        }
        return new Backup(List.copyOf(records));
    }

    /** Publishes them in the same partitions; the topics are there. */
    void restore(String bootstrapServers) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = TopicHistory.producer(bootstrapServers)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers())));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }
}
