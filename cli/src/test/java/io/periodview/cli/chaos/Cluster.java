package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A broker, instances of the service with its own settings, and the traffic that they serve. Not thread-safe. */
final class Cluster implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 6;

    private final Path folder;
    private final Broker broker;
    private final Traffic traffic;
    private final List<InstanceProcess> instances = new ArrayList<>();

    private Cluster(Path folder, Broker broker, Traffic traffic) {
        this.folder = folder;
        this.broker = broker;
        this.traffic = traffic;
    }

    /** With no instance yet. */
    static Cluster start(Path folder) throws Exception {
        Broker broker = Broker.start(BrokerOptions.in(folder.resolve("broker")));
        InProcessCommandLine commandLine = new InProcessCommandLine(broker.bootstrapServers(), "");
        commandLine.result("topics", "--apply", "--partitions", "" + PARTITIONS);
        long seed = new Random().nextLong();
        System.err.println("seed " + seed);
        Traffic traffic = new Traffic(seed, broker.bootstrapServers(), PARTITIONS, commandLine);
        traffic.events().publishFirst();
        return new Cluster(folder, broker, traffic);
    }

    Traffic traffic() {
        return traffic;
    }

    List<InstanceProcess> instances() {
        return List.copyOf(instances);
    }

    InstanceProcess start(String name, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--bootstrap-servers", broker.bootstrapServers(), "--threads", "1"));
        arguments.addAll(List.of(more));
        InstanceProcess instance = new InstanceProcess(name, Files.createDirectories(folder.resolve(name)), arguments);
        instances.add(instance);
        instance.start();
        return instance;
    }

    void stop(InstanceProcess instance) throws IOException, InterruptedException {
        traffic.exclude(instance);
        instance.signal("TERM");
        assertThat(instance.awaitExit(logs())).isZero();
    }

    void kill(InstanceProcess instance) throws IOException, InterruptedException {
        traffic.exclude(instance);
        instance.signal("KILL");
        instance.awaitExit(logs());
    }

    static Path logs() {
        return Path.of("target", "instances").toAbsolutePath();
    }

    /** Waits until they answer for every team, then adds them to those that clients ask. */
    void awaitServing(InstanceProcess... started) {
        for (InstanceProcess instance : started) {
            await().atMost(TIMEOUT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> answersForAll(instance));
            traffic.include(instance);
        }
    }

    private boolean answersForAll(InstanceProcess instance) throws IOException, InterruptedException {
        for (long team : traffic.events().teams()) {
            if (traffic.get(instance, team).statusCode() != 200) {
                return false;
            }
        }
        return true;
    }

    boolean isOwner(InstanceProcess instance, long team) throws IOException, InterruptedException {
        return traffic.get(instance, team, "View-Forwarded", "owner").statusCode() == 200;
    }

    /** Waits until every team has an owner among the running instances. */
    void awaitOwners() {
        await().atMost(TIMEOUT)
                .until(() -> countOf("owner") == traffic.events().teams().size());
    }

    /** Waits until every team has an owner and a standby. */
    void awaitStandbys() {
        await().atMost(TIMEOUT)
                .until(() -> countOf("owner") == traffic.events().teams().size()
                        && countOf("standby") >= traffic.events().teams().size());
    }

    private int countOf(String role) throws IOException, InterruptedException {
        int count = 0;
        for (InstanceProcess instance : instances) {
            for (long team : instance.isAlive() ? traffic.events().teams() : List.<Long>of()) {
                HttpResponse<String> response = traffic.get(instance, team, "View-Forwarded", role);
                count += response.statusCode() == 200 ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        traffic.close();
        for (InstanceProcess instance : instances) {
            instance.close();
            instance.keepLog(logs());
        }
        broker.close();
    }
}
