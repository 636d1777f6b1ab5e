package io.periodview.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.Committed;
import io.periodview.cli.FreePorts;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.Incidents;
import io.periodview.cli.ViewCheck;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real incidents through another client with its own partitioner, which knows nothing of teams. The view must be the
 * reference's, as it is after {@code produce}; kcat sets no timestamps, but all these events say their times.
 */
@Tag("slow")
class KcatIT {

    private static final int PARTITIONS = 12;
    /** Between key and value; neither contains it. */
    private static final String DELIMITER = "\t";

    @TempDir
    Path temporary;

    private final int port = FreePorts.next();
    private final String bootstrapServers = "127.0.0.1:" + FreePorts.next();

    @Test
    void theViewEqualsTheReferenceWithKcatsPartitioner() throws Exception {
        Path incidents = Incidents.assumed();
        assumeTrue(run("kcat", "-V") == 0, "kcat is not installed");
        Map<String, Path> files = byTopic(incidents);
        ReferenceView reference = Incidents.reference(incidents);

        try (CommandLineProcess dev = CommandLineProcess.start(
                temporary,
                "dev",
                "--no-sample",
                "--port",
                "" + port,
                "--admin-port",
                "" + FreePorts.next(),
                "--broker-port",
                bootstrapServers.substring(bootstrapServers.indexOf(':') + 1))) {
            dev.awaitOut("ready");
            for (String topic : List.of("actions", "periods")) {
                String file = String.valueOf(files.get(topic));
                // -Z: an empty value is a tombstone. -l: an event a line.
                assertThat(run("kcat", "-P", "-b", bootstrapServers, "-t", topic, "-K", DELIMITER, "-Z", "-l", file))
                        .isZero();
            }
            Map<TopicPartition, Long> sent = last(List.of("actions", "periods"), 0);
            assertThat(sent.values().stream().mapToLong(at -> at + 1).sum()).isEqualTo(Incidents.EVENTS);
            Committed.await(bootstrapServers, "period-view", sent);
            // Rerouted events were written with the commits of their origins.
            Committed.await(bootstrapServers, "period-view", last(List.of("period-view-rerouted"), 1));

            InProcessCommandLine commandLine = new InProcessCommandLine(bootstrapServers, "");
            ViewCheck.Answers answers = new ViewCheck(
                            reference, commandLine.readers(port, reference.teamIds()), Incidents.FORM_FIELDS)
                    .compare(new IdLedger());
            assertThat(answers.periodActions()).isEqualTo(Incidents.PERIOD_ACTIONS);
            dev.awaitErr("took an extra hop");
            assertThat(dev.err()).noneMatch(line -> line.contains("could not be applied"));
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
    }

    /** As kcat reads them: a file per topic with one event per line. */
    private Map<String, Path> byTopic(Path incidents) throws IOException {
        Map<String, Path> files = Map.of(
                "periods", temporary.resolve("periods.txt"),
                "actions", temporary.resolve("actions.txt"));
        try (BufferedWriter periods = Files.newBufferedWriter(files.get("periods"), UTF_8);
                BufferedWriter actions = Files.newBufferedWriter(files.get("actions"), UTF_8)) {
            Incidents.read(incidents, event -> {
                String value = event.value() == null ? "" : event.value();
                assertThat(event.key() + value).doesNotContain(DELIMITER, "\n");
                (event.isPeriod() ? periods : actions).write(event.key() + DELIMITER + value + "\n");
            });
        }
        return files;
    }

    /**
     * The offset of the last record of each partition that has any.
     *
     * @param markers of transactions after that record
     */
    private Map<TopicPartition, Long> last(List<String> topics, int markers) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : topics) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, Long> last = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
                    admin.listOffsets(asked).all().get().entrySet()) {
                if (each.getValue().offset() > 0) {
                    last.put(each.getKey(), each.getValue().offset() - 1 - markers);
                }
            }
        }
        return last;
    }

    /** The exit status; -1 if there is no such command. */
    private int run(String... command) throws InterruptedException, IOException {
        Path output = temporary.resolve("output.txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException notThere) {
            return -1;
        }
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " does not end: " + Files.readString(output));
        }
        return process.exitValue();
    }
}
