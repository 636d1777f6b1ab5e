package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A dead letter that its topic refuses keeps the partition where it is, and says so, until the topic is mended. */
class DeadLettersRefusedIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration OPERATOR_RETRY_INTERVAL = Duration.ofSeconds(2);
    private static final String APPLICATION = "dead-letters-it";
    private static final TopicNames TOPICS = new TopicNames("");

    @TempDir
    Path directory;

    @Test
    void theEventIsNamedAndNotLost() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(DeadLetterFailureLogger.class);
        logger.addAppender(log);
        try (Broker broker = Broker.start(BrokerOptions.in(directory.resolve("broker")))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client);
                    KafkaProducer<byte[], byte[]> producer =
                            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
                TopicProvisioner provisioner = new TopicProvisioner(admin);
                provisioner.apply(provisioner.plan(
                        TopicsFile.packaged().specs(TOPICS, APPLICATION, OptionalInt.of(1), OptionalInt.empty())));
                setLargest(admin, "1000");
                // A thread that is replaced leaves the group by its silence.
                Map<String, Object> streams = new HashMap<>(client);
                streams.put("consumer.session.timeout.ms", 6_000);
                StreamsSettings settings = new StreamsSettings(
                        APPLICATION, streams, directory.resolve("state"), new HostInfo("127.0.0.1", 1), 1, 0);
                try (PeriodViewService service = PeriodViewService.start(
                        settings,
                        EventTopics.of(TOPICS, APPLICATION, 1),
                        ServiceMetrics.NONE,
                        OPERATOR_RETRY_INTERVAL)) {
                    await().atMost(TIMEOUT).until(service::isServing);
                    byte[] noise = new byte[3_000];
                    new Random(1).nextBytes(noise);
                    producer.send(record(TOPICS.actions(), "7/1", noise)).get();
                    producer.send(record(
                                    TOPICS.periods(),
                                    "7/1",
                                    "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}".getBytes(UTF_8)))
                            .get();

                    await().atMost(TIMEOUT).until(() -> !log.list.isEmpty());
                    assertThat(log.list.get(0).getFormattedMessage())
                            .startsWith("The event actions-0@0 is rejected (malformed-json) and cannot be written to"
                                    + " dead-letters: ")
                            .contains("larger than", "no data is lost");
                    assertThat(service.fatalError()).isNotDone();

                    setLargest(admin, "70000000");
                    await().atMost(TIMEOUT)
                            .until(() -> service.queries().askOwner(new Query.Actions(7, 1, null))
                                    instanceof QueryResult.Found);
                    assertThat(service.fatalError()).isNotDone();
                    List<ConsumerRecord<byte[], byte[]>> letters = letters(client);
                    assertThat(letters).hasSize(1);
                    assertThat(letters.get(0).value()).isEqualTo(noise);
                }
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, TeamPartitioner.partitionOf(7, 1), key.getBytes(UTF_8), value);
    }

    private static void setLargest(Admin admin, String bytes) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.deadLetters()),
                        Set.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(Map<String, Object> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPICS.deadLetters()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
            await().atMost(TIMEOUT).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letters::add);
                return !letters.isEmpty();
            });
            consumer.poll(Duration.ofMillis(300)).forEach(letters::add);
            return letters;
        }
    }
}
