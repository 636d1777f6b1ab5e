package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.periodview.cli.ApiReader;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.topics.TeamPartitioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance with a full disk terminates and says so, and another takes its partitions over at once. */
class FullDiskIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    /** RocksDB's native library takes 15. */
    private static final int MEGABYTES = 48;
    /** More than RocksDB keeps in memory before it writes a file. */
    private static final int ACTIONS = 40;

    private static final long TEAM = 7;

    @TempDir
    Path folder;

    @Test
    @Tag("chaos")
    void anotherInstanceTakesOverWhenADiskIsFull() throws Exception {
        assumeTrue(StateDisk.isPermitted(folder), "No disk can be mounted here.");
        try (Broker broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
                StateDisk disk = StateDisk.mount(folder.resolve("disk"), MEGABYTES)) {
            InProcessCommandLine commandLine = new InProcessCommandLine(broker.bootstrapServers(), "");
            commandLine.result("topics", "--apply", "--partitions", "1");
            String key = commandLine.result("keys", "create", "--team", "" + TEAM, "--name", "it");
            List<String> arguments = List.of("--bootstrap-servers", broker.bootstrapServers(), "--threads", "1");
            Path home = Files.createDirectories(folder.resolve("other"));
            try (InstanceProcess full = new InstanceProcess("full", disk.path(), arguments);
                    InstanceProcess other = new InstanceProcess("other", home, arguments)) {
                full.start();
                full.awaitReady();
                disk.fill();
                other.start();
                other.awaitReady();

                publish(broker);
                assertThat(full.process().awaitExit()).isEqualTo(1);
                String said = String.join("\n", full.process().err());
                assertThat(full.process().err().get(full.process().err().size() - 1))
                        .contains("The disk of the state directory " + full.stateDir() + " is full: make room there");
                assertThat(said).doesNotContain("is replaced");

                // Had it not left the group, its partition would have no owner for ten seconds more.
                long ended = System.nanoTime();
                ApiReader reader = ApiReader.at(other.port(), key);
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(reader.body("/periods/1/actions"))
                                .contains("\"actionId\":" + ACTIONS + ","));
                assertThat(Duration.ofNanos(System.nanoTime() - ended))
                        .as("until it is taken over")
                        .isLessThan(Duration.ofSeconds(8));

                full.start();
                assertThat(full.process().awaitExit()).isEqualTo(1);
                assertThat(full.process().err()).last().asString().contains("is full: make room there");
                disk.free();
                full.start();
                full.awaitReady();
                assertThat(full.process().err())
                        .as("what was there is kept")
                        .noneMatch(line -> line.contains("restoring from Kafka") || line.contains("cannot be read"));
            }
        }
    }

    /** Actions of half a MB that does not compress. */
    private static void publish(Broker broker) throws Exception {
        Random random = new Random(1);
        byte[] noise = new byte[250_000];
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(record("periods", 1, "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}"))
                    .get();
            Future<RecordMetadata> last = null;
            for (int id = 1; id <= ACTIONS; id++) {
                random.nextBytes(noise);
                last = producer.send(record(
                        "actions",
                        id,
                        "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"formFields\":{\"x\":\""
                                + HexFormat.of().formatHex(noise) + "\"}}"));
            }
            if (last != null) {
                last.get();
            }
        }
    }

    private static ProducerRecord<String, String> record(String topic, long id, String value) {
        return new ProducerRecord<>(topic, TeamPartitioner.partitionOf(TEAM, 1), TEAM + "/" + id, value);
    }
}
