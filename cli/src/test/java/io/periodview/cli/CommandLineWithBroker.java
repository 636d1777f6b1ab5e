package io.periodview.cli;

import static org.awaitility.Awaitility.await;

import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Runs command lines against a real broker, with topics of its own there, and reads what they wrote. All of this JVM share
 * the broker. Thread-safe.
 */
public final class CommandLineWithBroker {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String bootstrapServers = Shared.BROKER.bootstrapServers();
    private final TopicNames topics = new TopicNames("test" + COUNT.incrementAndGet() + "-");
    private final InProcessCommandLine commandLine = new InProcessCommandLine(bootstrapServers, topics.prefix());

    /** Ends with this JVM, and its files with it. */
    private static final class Shared {
        static final Broker BROKER = start();

        private static Broker start() {
            try {
                return Broker.start(BrokerOptions.in(Files.createTempDirectory("period-view-test-"))
                        .withDeletionAtExit());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs a command on its own topics, unless the arguments name others. */
    public Outcome run(String... arguments) {
        return commandLine.run(arguments);
    }

    public InProcessCommandLine commandLine() {
        return commandLine;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Of a {@code serve} on its own topics. */
    public List<String> serveOptions() {
        return List.of("--bootstrap-servers", bootstrapServers, "--topic-prefix", topics.prefix(), "--threads", "1");
    }

    public Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    /** Different from those of every other test. */
    public TopicNames topics() {
        return topics;
    }

    public void createTopics(NewTopic... newTopics) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(clientProperties())) {
            admin.createTopics(List.of(newTopics)).all().get();
            List<String> names = List.of(newTopics).stream().map(NewTopic::name).toList();
            // The controller has created them; the broker learns of it a moment later.
            await().ignoreExceptions()
                    .until(() ->
                            admin.describeTopics(names).allTopicNames().get().size() == names.size());
        }
    }

    /** All records of a topic, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", bootstrapServers,
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            for (int i = 0; i < consumer.partitionsFor(topic).size(); i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                }
            }
        }
        return records;
    }
}
