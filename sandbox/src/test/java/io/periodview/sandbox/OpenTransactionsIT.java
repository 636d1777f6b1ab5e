package io.periodview.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why the broker is not newer (decision 12): with {@code -Dkafka.version=4.4.0}, or 4.3, this fails. */
@Timeout(120)
class OpenTransactionsIT {

    private static final TopicPartition TOPIC = new TopicPartition("letters", 0);
    private static final int TRANSACTIONS = 25;
    private static final Set<TransactionState> UNDECIDED = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_EPOCH_FENCE);

    @TempDir
    Path directory;

    /** They expire one after the other, some while the partition of the restarted broker has no leader. */
    @Test
    void everyTransactionThatACrashLeavesOpenGetsItsMarker() throws Exception {
        Broker broker = Broker.start(BrokerOptions.in(directory)
                .withSetting("transaction.abort.timed.out.transaction.cleanup.interval.ms", "50"));
        try {
            createTopic(broker);
            for (int i = 0; i < TRANSACTIONS; i++) {
                leaveOpen(broker, "writer-" + i, Duration.ofMillis(3_000 + 100 * i));
            }
            broker.kill();
            broker = broker.startAgain();
            try (Admin admin = admin(broker)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> undecided(admin) == 0);
                assertThat(end(admin, IsolationLevel.READ_COMMITTED))
                        .as("the end for readers of what is committed")
                        .isEqualTo(end(admin, IsolationLevel.READ_UNCOMMITTED));
                assertThat(end(admin, IsolationLevel.READ_UNCOMMITTED))
                        .as("a record and a marker each; a marker that the crash cut off comes twice")
                        .isGreaterThanOrEqualTo(2 * TRANSACTIONS);
            }
        } finally {
            broker.close();
        }
    }

    private static Admin admin(Broker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static void createTopic(Broker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), TOPIC.partition() + 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void leaveOpen(Broker broker, String transactionalId, Duration timeout) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                transactionalId,
                "transaction.timeout.ms",
                (int) timeout.toMillis(),
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
        try {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC.topic(), new byte[1])).get(30, TimeUnit.SECONDS);
        } finally {
            producer.close(Duration.ZERO); // which does not abort it
        }
    }

    private static int undecided(Admin admin) throws Exception {
        return admin.listTransactions(new ListTransactionsOptions().filterStates(UNDECIDED))
                .all()
                .get(30, TimeUnit.SECONDS)
                .size();
    }

    private static long end(Admin admin, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(TOPIC, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(TOPIC)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }
}
