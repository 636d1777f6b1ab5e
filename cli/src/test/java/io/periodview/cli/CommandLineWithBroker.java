package io.periodview.cli;

import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Runs command lines against a real broker of its own, and reads what they left there. */
public final class CommandLineWithBroker implements AutoCloseable {

    private final Broker broker;

    public CommandLineWithBroker(Path directory) throws InterruptedException {
        broker = Broker.start(BrokerOptions.in(directory).withDeletionAtExit());
    }

    /** What a command line did. */
    public record Outcome(int status, String out, String err) {}

    public Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLineRunner(
                        Map.of("PERIOD_VIEW_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true))
                .run(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    public Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    public void createTopics(NewTopic... topics) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(clientProperties())) {
            admin.createTopics(List.of(topics)).all().get();
            List<String> names = List.of(topics).stream().map(NewTopic::name).toList();
            // The controller has made them; the broker hears of it a moment later.
            await().ignoreExceptions()
                    .until(() ->
                            admin.describeTopics(names).allTopicNames().get().size() == names.size());
        }
    }

    /** All records of a topic, partition after partition, each from its start to its end. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic, int partitions) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            for (int i = 0; i < partitions; i++) {
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

    @Override
    public void close() {
        broker.close();
    }
}
