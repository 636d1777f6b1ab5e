package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;

/** A broker whose topics are maltreated, and two instances. Not thread-safe. */
final class TopicCluster implements AutoCloseable {

    /** Two failures of an instance come no faster than it is back. */
    static final List<String> SHORT =
            List.of("consumer.session.timeout.ms=6000", "producer.transaction.timeout.ms=10000");

    private final Path logs;
    private final EventJournal journal;
    private final int partitions;
    private final List<InstanceProcess> instances = new ArrayList<>();
    private final TreeMap<Long, String> keys = new TreeMap<>();
    private Broker broker;

    TopicCluster(Path folder, Path logs, int partitions, EventJournal journal) throws Exception {
        this.logs = logs;
        this.journal = journal;
        this.partitions = partitions;
        this.broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
        makeTopics(bootstrapServers());
        for (long team : TopicHistory.TEAMS) {
            keys.put(team, commandLine().result("keys", "create", "--team", "" + team, "--name", "chaos"));
        }
        for (int i = 0; i < 2; i++) {
            List<String> options = new ArrayList<>(
                    List.of("--bootstrap-servers", bootstrapServers(), "--threads", "1", "--standbys", "1"));
            SHORT.forEach(setting -> options.addAll(List.of("--kafka", setting)));
            instances.add(new InstanceProcess(
                    "instance-" + i, Files.createDirectories(folder.resolve("instance-" + i)), options));
        }
    }

    /** Of the API, by team. */
    Map<Long, String> keys() {
        return keys;
    }

    List<InstanceProcess> instances() {
        return List.copyOf(instances);
    }

    int partitions() {
        return partitions;
    }

    Broker broker() {
        return broker;
    }

    /** Its next run, or another on the same port. */
    void use(Broker next) {
        broker = next;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    InProcessCommandLine commandLine() {
        return new InProcessCommandLine(bootstrapServers(), "");
    }

    /** Makes those that are missing. */
    void makeTopics(String bootstrapServers) {
        new InProcessCommandLine(bootstrapServers, "").result("topics", "--apply", "--partitions", "" + partitions);
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    void start(String... more) throws IOException {
        journal.note("start %s", String.join(" ", more));
        for (InstanceProcess instance : instances) {
            instance.start(more);
        }
    }

    void stop() throws IOException, InterruptedException {
        journal.note("stop");
        for (InstanceProcess instance : instances) {
            if (instance.isAlive()) {
                instance.signal("TERM");
            }
        }
        for (InstanceProcess instance : instances) {
            int status = instance.awaitExit(logs);
            assertThat(status).as("%s", instance.process()).isBetween(0, 1);
        }
    }

    /** As an operator is told to, once all are stopped: start one with {@code --rebuild}, then the others. */
    void rebuild() throws IOException {
        journal.note("rebuild");
        instances.get(0).start("--rebuild", "");
        instances.get(0).awaitReady();
        for (InstanceProcess other : instances.subList(1, instances.size())) {
            other.start();
        }
    }

    /** Starts those again that ended by themselves, as whoever runs them does. */
    void supervise() throws IOException, InterruptedException {
        for (InstanceProcess instance : instances) {
            if (!instance.isAlive()) {
                int status = instance.awaitExit(logs);
                journal.note("%s: ended by itself with %d", instance, status);
                assertThat(status).as("%s", instance.process()).isEqualTo(1);
                instance.start();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (InstanceProcess instance : instances) {
            instance.close();
            instance.keepLog(logs);
        }
        broker.close();
    }
}
