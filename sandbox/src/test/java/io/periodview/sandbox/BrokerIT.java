package io.periodview.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BrokerIT {

    private static final TopicPartition TOPIC = new TopicPartition("letters", 0);

    @TempDir
    Path directory;

    @Test
    void committedEventsSurviveACrashAndAChangeOfPort() throws Exception {
        Broker broker = Broker.start(BrokerOptions.in(directory));
        int port = broker.port();
        try {
            createTopic(broker);
            sendInTransaction(broker, "committed", true);
            sendInTransaction(broker, "aborted", false);
            broker.kill();
            assertThat(broker.onExit()).isCompletedWithValue(128 + 9);

            broker = broker.startAgain();
            assertThat(broker.port()).isEqualTo(port);
            sendInTransaction(broker, "after the crash", true);
            interrupt(broker);
            assertThat(read(broker)).containsExactly("committed", "after the crash");
            broker.close();
            assertThat(broker.onExit()).as("neither killed nor interrupted").isCompletedWithValue(0);

            broker = Broker.start(BrokerOptions.in(directory).withPort(Ports.pick(port)));
            assertThat(broker.port()).isNotEqualTo(port);
            assertThat(read(broker)).containsExactly("committed", "after the crash");
        } finally {
            broker.close();
        }
        assertThat(directory.resolve("broker.log")).as("stays, as do the data").exists();
    }

    @Test
    void brokerEndsAndDeletesItsDirectoryWhenTheParentIsKilled() throws Exception {
        Path data = directory.resolve("data");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        data.toString())
                .redirectError(directory.resolve("parent.err").toFile())
                .start();
        try (BufferedReader output = parent.inputReader()) {
            String pid = output.readLine();
            assertThat(pid)
                    .as(Files.readString(directory.resolve("parent.err")))
                    .isNotNull();
            ProcessHandle broker = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            assertThat(broker.isAlive()).isTrue();
            parent.destroyForcibly();
            await().atMost(Duration.ofSeconds(30)).until(() -> !broker.isAlive());
            assertThat(data).doesNotExist();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void noneOfTheBrokersJarsIsOnTheClassPathOfItsParent() {
        assertThat(System.getProperty("java.class.path"))
                .contains("kafka-clients")
                .doesNotContain("kafka_2.13", "kafka-server", "scala-library");
    }

    @Test
    void portInUseIsReportedWithItsNumberAndTheOption() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            BrokerOptions options = BrokerOptions.in(directory).withPort(other.getLocalPort());
            assertThatThrownBy(() -> Broker.start(options))
                    .isInstanceOf(BrokerException.class)
                    .hasMessage("Port " + other.getLocalPort() + " of 127.0.0.1 is in use:"
                            + " stop the program that has it, or choose another port with --broker-port");
        }
    }

    @Test
    void brokerThatCannotStartReportsWhy() {
        BrokerOptions options = BrokerOptions.in(directory).withSetting("num.io.threads", "many");
        assertThatThrownBy(() -> Broker.start(options))
                .isInstanceOf(BrokerException.class)
                .hasMessageContainingAll("exit status 1", "Invalid value many for configuration num.io.threads");
    }

    @Test
    void directoryWithOtherFilesIsNeverDeleted() throws Exception {
        Path letter = Files.writeString(directory.resolve("letter.txt"), "Dear");
        BrokerOptions options = BrokerOptions.in(directory).withDeletionAtExit();
        assertThatThrownBy(() -> Broker.start(options))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("neither empty nor a broker's");
        assertThat(letter).exists();
    }

    /** A process that starts a broker, prints its id, and then does nothing. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws Exception {
            Broker broker = Broker.start(BrokerOptions.in(Path.of(args[0])).withDeletionAtExit());
            System.out.println(broker.pid());
            broker.onExit().join();
        }
    }

    /** What a terminal does on Ctrl-C. It is handled before the next request is answered, or shows in the exit status. */
    private static void interrupt(Broker broker) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(broker.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    private static void createTopic(Broker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void sendInTransaction(Broker broker, String text, boolean commit) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                "writer",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC.topic(), text.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static List<String> read(Broker broker) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class);
        List<String> texts = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(List.of(TOPIC));
            consumer.seekToBeginning(List.of(TOPIC));
            long end = consumer.endOffsets(List.of(TOPIC)).values().iterator().next();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(event -> texts.add(new String(event.value(), UTF_8)));
                return consumer.position(TOPIC) >= end;
            });
        }
        return texts;
    }
}
