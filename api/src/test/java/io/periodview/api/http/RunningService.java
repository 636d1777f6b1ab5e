package io.periodview.api.http;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import io.periodview.api.routing.InstanceSecret;
import io.periodview.api.status.Setting;
import io.periodview.sandbox.Broker;
import io.periodview.streams.StreamsSettings;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Some instances of the service, with topics of their own on a broker. One thread at a time. */
final class RunningService implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final int PARTITIONS = 4;

    private static final String LOOPBACK = "127.0.0.1";

    private final Broker broker;
    private final Path directory;
    private final String applicationId;
    private final int standbys;
    private final TopicNames topics;
    private final EventPublisher publisher;
    private @Nullable InstanceSecret secret = InstanceSecret.random();
    private final List<Instance> instances = new ArrayList<>();

    private RunningService(Broker broker, Path directory, String applicationId, int standbys) {
        this.broker = broker;
        this.directory = directory;
        this.applicationId = applicationId;
        this.standbys = standbys;
        this.topics = new TopicNames(applicationId + "-");
        this.publisher = new EventPublisher(broker.bootstrapServers(), topics);
    }

    /**
     * Creates the topics.
     *
     * @param standbys of each partition
     */
    static RunningService create(Broker broker, Path directory, String applicationId, int standbys)
            throws InterruptedException {
        RunningService service = new RunningService(broker, directory, applicationId, standbys);
        try (Admin admin = Admin.create(service.client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(TopicsFile.packaged()
                    .specs(service.topics, applicationId, OptionalInt.of(PARTITIONS), OptionalInt.of(1))));
        }
        return service;
    }

    /**
     * Deletes a topic with all that is in it.
     *
     * @param name without the prefix
     */
    void deleteTopic(String name) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(client())) {
            admin.deleteTopics(List.of(applicationId + "-" + name)).all().get();
        }
    }

    /** The instances that are started from now on have no secret. */
    RunningService withoutSecret() {
        secret = null;
        return this;
    }

    /** Starts an instance, which may not be ready yet. */
    Instance startInstance() throws IOException, InterruptedException {
        return startInstance(port -> port, List.of());
    }

    /**
     * @param advertised from the port of its API to the one at which the other instances are to find it
     * @param settings that it shows to operators
     */
    Instance startInstance(UnaryOperator<Integer> advertised, List<Setting> settings)
            throws IOException, InterruptedException {
        Instance instance = Instance.open(new ServerSettings(LOOPBACK, 0, AdminSettings.of(LOOPBACK, 0), secret));
        instances.add(instance);
        instance.start(
                topics,
                new StreamsSettings(
                        applicationId,
                        client(),
                        stateDirectory(instance),
                        new HostInfo(LOOPBACK, advertised.apply(instance.port())),
                        1,
                        standbys),
                settings);
        return instance;
    }

    private Map<String, Object> client() {
        return Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    }

    Path stateDirectory(Instance instance) {
        return directory.resolve("instance-" + (instances.indexOf(instance) + 1));
    }

    /** Waits until all instances are ready, and have the partitions and their standbys in equal parts. */
    void awaitReady() {
        int owned = PARTITIONS / instances.size();
        for (Instance instance : instances) {
            AdminClient admin = new AdminClient(instance);
            await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> admin.get("/health/ready").status() == 200
                            && partitions(instance, "owner").size() == owned
                            && partitions(instance, "standby").size() == standbys * owned);
        }
    }

    /** The partitions that an instance owns now. */
    static Set<Integer> ownedPartitions(Instance instance) {
        return partitions(instance, "owner");
    }

    private static Set<Integer> partitions(Instance instance, String role) {
        Set<Integer> partitions = new TreeSet<>();
        for (JsonNode each : new AdminClient(instance).get("/status").json().path("partitions")) {
            if (each.at("/here/role").asText().equals(role)) {
                partitions.add(each.get("partition").asInt());
            }
        }
        return partitions;
    }

    EventPublisher publisher() {
        return publisher;
    }

    /** A team that the owner owns now. */
    Team teamOwnedBy(Instance owner, Instance asked) throws InterruptedException {
        return teamIn(ownedPartitions(owner).iterator().next(), asked);
    }

    Team teamIn(int partition, Instance asked) throws InterruptedException {
        long id = 1;
        while (TeamPartitioner.partitionOf(id, PARTITIONS) != partition) {
            id++;
        }
        return team(id, asked);
    }

    /** A team with a key that the instance knows already. */
    Team team(long id, Instance asked) throws InterruptedException {
        String key = publisher.key(id);
        Team team = new Team(publisher, id, key, asked);
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> team.get("/periods").status() != 401);
        return team;
    }

    /** Stops all instances that were started and are not stopped yet. */
    @Override
    public void close() {
        publisher.close();
        instances.forEach(Instance::close); // a second close does nothing
    }
}
