package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics with events in them, and with the dead letters that the service would have written. Not thread-safe. */
final class RejectedEvents implements AutoCloseable {

    static final int PARTITIONS = 4;
    /** Team 7's partition. */
    static final int HOME = TeamPartitioner.partitionOf(7, PARTITIONS);

    static final int AWAY = (HOME + 1) % PARTITIONS;
    /** When the events happened, and when the first was rejected. */
    static final long THEN = 1_722_601_385_471L;

    static final long REJECTED = 1_795_311_021_000L;
    static final String BAD = "{\"createdTime\":\"yesterday\"}";

    final CommandLineWithBroker commandLine = new CommandLineWithBroker();
    final TopicNames topics = commandLine.topics();
    private final KafkaProducer<byte[], byte[]> producer;
    private int rejected;

    /** An event where it was received. */
    record Sent(
            String topic,
            int partition,
            long offset,
            long timestamp,
            String key,
            @Nullable String value,
            Headers own) {}

    RejectedEvents() {
        Map<String, Object> settings = new HashMap<>(commandLine.clientProperties());
        settings.put("max.request.size", 5_000_000);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        assertThat(run("topics", "--apply", "--partitions", "" + PARTITIONS).status())
                .isZero();
    }

    Outcome run(String... arguments) {
        return commandLine.run(arguments);
    }

    Outcome replay(String... arguments) {
        return run(Stream.concat(Stream.of("dead-letters", "replay"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    Sent action(int partition, String key, long later, @Nullable String value) {
        return action(partition, key, later, value, new RecordHeaders());
    }

    Sent action(int partition, String key, long later, @Nullable String value, Headers own) {
        return send(topics.actions(), partition, key, later, value, own);
    }

    Sent period(int partition, String key, String value) {
        return send(topics.periods(), partition, key, 0, value, new RecordHeaders());
    }

    private Sent send(String topic, int partition, String key, long later, @Nullable String value, Headers own) {
        RecordMetadata at = acknowledged(new ProducerRecord<>(
                topic, partition, THEN + later, bytes(key), value == null ? null : bytes(value), own));
        return new Sent(topic, partition, at.offset(), THEN + later, key, value, own);
    }

    String reject(Sent event, int partition) {
        return reject(event, partition, Rejection.Code.INVALID_VALUE);
    }

    /** Writes what the service would write, and returns where it is. */
    String reject(Sent event, int partition, Rejection.Code code) {
        Headers headers = new RecordOrigin(event.topic, event.partition, event.offset, event.timestamp)
                .rejected(event.own, new Rejection(code, "It is \"bad\""));
        return deadLetter(partition, event.key, event.value, headers);
    }

    /** Writes a dead letter a millisecond after the one before, and returns where it is. */
    String deadLetter(int partition, @Nullable String key, @Nullable String value, Headers headers) {
        RecordMetadata at = acknowledged(new ProducerRecord<>(
                topics.deadLetters(),
                partition,
                REJECTED + rejected++,
                key == null ? null : bytes(key),
                value == null ? null : bytes(value),
                headers));
        return new RecordOffset("dead-letters", at.partition(), at.offset()).toString();
    }

    private RecordMetadata acknowledged(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    List<ConsumerRecord<byte[], byte[]>> actions() {
        return commandLine.read(topics.actions());
    }

    /** Where the dead letters are that a command listed, in its order. */
    static List<String> places(Outcome listed) {
        return listed.out()
                .lines()
                .filter(line -> line.startsWith("dead-letters-"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
