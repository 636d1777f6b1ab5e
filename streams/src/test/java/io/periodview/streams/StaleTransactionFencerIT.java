package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions as old as a dead instance's, with a real group: only those of nobody in it are ended. */
class StaleTransactionFencerIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "any";

    @TempDir
    static Path directory;

    private static Broker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** None of them can commit while one that does not poll holds up the rebalance. */
    @Test
    void aMembersTransactionIsNotEndedDuringARebalanceAndADeadOnesIs() throws Exception {
        String group = "fencer-it";
        String self = UUID.randomUUID().toString();
        String healthy = UUID.randomUUID().toString();
        String frozen = UUID.randomUUID().toString();
        String dead = UUID.randomUUID().toString();
        try (Admin admin = Admin.create(client());
                Member first = new Member(group, healthy);
                Member second = new Member(group, frozen);
                KafkaProducer<byte[], byte[]> own = inTransaction(group, self);
                KafkaProducer<byte[], byte[]> healthys = inTransaction(group, healthy);
                KafkaProducer<byte[], byte[]> frozens = inTransaction(group, frozen);
                KafkaProducer<byte[], byte[]> deads = inTransaction(group, dead);
                StaleTransactionFencer fencer = new StaleTransactionFencer(client(), group, self)) {
            await().atMost(TIMEOUT)
                    .until(() -> group(admin, group).groupState() == GroupState.STABLE
                            && group(admin, group).members().size() == 2);
            second.freeze();
            try (Member third = new Member(group, self)) {
                await().atMost(TIMEOUT).until(() -> group(admin, group).groupState() == GroupState.PREPARING_REBALANCE);
                fencer.rebalanceBegins();
                await().atMost(TIMEOUT).until(() -> !open(admin, group).contains(id(group, dead)));
                assertThat(group(admin, group).groupState()).isEqualTo(GroupState.PREPARING_REBALANCE);
                assertThat(open(admin, group))
                        .containsExactlyInAnyOrder(id(group, self), id(group, healthy), id(group, frozen));
                own.commitTransaction();
                healthys.commitTransaction();
                frozens.commitTransaction();
                assertThatThrownBy(deads::commitTransaction)
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                assertThat(third.isPolling()).isTrue();
                assertThat(first.isPolling()).isTrue();
            }
        }
    }

    /** Kafka Streams has its id from a file that the instance writes, also over one that was another's. */
    @Test
    void theMembersOfTheGroupSayWhichTransactionsAreTheServices() throws Exception {
        String application = "fencer-service-it";
        TopicNames topics = new TopicNames("fencer.");
        Path stateDir = directory.resolve("state");
        Path process = Files.createDirectories(stateDir.resolve(application)).resolve("kafka-streams-process-metadata");
        Files.writeString(process, "{\"processId\":\"" + UUID.randomUUID() + "\"}");
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(topics, application, OptionalInt.of(2), OptionalInt.empty())));
            StreamsSettings settings =
                    new StreamsSettings(application, client(), stateDir, new HostInfo("127.0.0.1", 1), 2, 0);
            try (PeriodViewService service =
                    PeriodViewService.start(settings, EventTopics.of(topics, application, 2), ServiceMetrics.NONE)) {
                await().atMost(TIMEOUT).until(service::isServing);
                List<String> members = group(admin, application).members().stream()
                        .map(each -> application + "-" + MemberId.producerOf(instanceId(each)))
                        .toList();
                assertThat(members).hasSize(2);
                // Each has one from its first tick on.
                await().atMost(TIMEOUT)
                        .untilAsserted(
                                () -> assertThat(all(admin, application)).containsExactlyInAnyOrderElementsOf(members));
            }
        }
    }

    private static String instanceId(MemberDescription member) {
        return member.groupInstanceId().orElseThrow();
    }

    private static String id(String group, String process) {
        return group + "-" + process + "-1";
    }

    private static ConsumerGroupDescription group(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .values()
                .iterator()
                .next();
    }

    private static List<String> open(Admin admin, String group) throws Exception {
        return list(admin, group, new ListTransactionsOptions().filterOnDuration(0), "Ongoing");
    }

    private static List<String> all(Admin admin, String group) throws Exception {
        return list(admin, group, new ListTransactionsOptions(), "");
    }

    private static List<String> list(Admin admin, String group, ListTransactionsOptions options, String state)
            throws Exception {
        return admin.listTransactions(options).all().get().stream()
                .filter(each -> each.transactionalId().startsWith(group + "-"))
                .filter(each -> state.isEmpty() || each.state().toString().equals(state))
                .map(TransactionListing::transactionalId)
                .toList();
    }

    private static KafkaProducer<byte[], byte[]> inTransaction(String group, String process) throws Exception {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("transactional.id", id(group, process));
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, new byte[1])).get();
        return producer;
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    /** A member of a group that polls until it is frozen. */
    private static final class Member implements AutoCloseable {

        private final KafkaConsumer<byte[], byte[]> consumer;
        private final AtomicBoolean polls = new AtomicBoolean(true);
        private final Thread thread;

        Member(String group, String process) {
            Map<String, Object> settings = new HashMap<>(client());
            settings.put("group.id", group);
            StreamsSettings named = new StreamsSettings(group, client(), directory, new HostInfo("127.0.0.1", 1), 1, 0);
            settings.put("group.instance.id", MemberId.of(process, named) + "-1");
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.subscribe(List.of(TOPIC));
            thread = new Thread(() -> {
                while (polls.get()) {
                    consumer.poll(Duration.ofMillis(100));
                }
            });
            thread.start();
        }

        boolean isPolling() {
            return thread.isAlive();
        }

        void freeze() throws InterruptedException {
            polls.set(false);
            thread.join();
        }

        @Override
        public void close() throws InterruptedException {
            freeze();
            consumer.close(CloseOptions.timeout(Duration.ZERO)); // it would wait for the rebalance
        }
    }
}
