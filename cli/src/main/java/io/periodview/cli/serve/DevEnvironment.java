package io.periodview.cli.serve;

import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import io.periodview.api.http.AdminSettings;
import io.periodview.api.routing.InstanceSecret;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.StopSignal;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerException;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.sandbox.Sample;
import io.periodview.streams.StreamsSettings;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Broker, topics, instances and sample on this machine. One thread at a time. */
final class DevEnvironment implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String APPLICATION_ID = "period-view";
    private static final TopicNames TOPICS = new TopicNames("");
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Settings settings;
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private final List<Instance> instances = new ArrayList<>();
    /** To close, the last started first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private String bootstrapServers = "";
    private @Nullable String sampleKey;

    /** @param data null for a temporary folder that is deleted at the end */
    record Settings(
            int port,
            int adminPort,
            int brokerPort,
            int instances,
            @Nullable Path data,
            boolean sample) {}

    private DevEnvironment(Settings settings) {
        this.settings = settings;
    }

    static DevEnvironment start(Settings settings) throws IOException, InterruptedException {
        DevEnvironment environment = new DevEnvironment(settings);
        boolean started = false;
        try {
            environment.start();
            started = true;
            return environment;
        } finally {
            if (!started) {
                environment.close();
            }
        }
    }

    private void start() throws IOException, InterruptedException {
        Path data = settings.data() == null ? temporaryFolder() : settings.data();
        BrokerOptions options = BrokerOptions.in(data).withPort(settings.brokerPort());
        // The broker's process outlives this one by a moment, so it deletes the folder however this one ends.
        FutureTask<Broker> starting =
                new FutureTask<>(() -> Broker.start(settings.data() == null ? options.withDeletionAtExit() : options));
        new Thread(starting, "broker-start").start();
        parts.push(() -> stop(starting));
        openPorts();
        Broker broker = await(starting);
        bootstrapServers = broker.bootstrapServers();
        broker.onExit()
                .thenAccept(status -> failed.complete("The broker ended with status " + status + ": "
                        + broker.lastLogLines().strip()));
        provision();
        if (settings.sample()) {
            sampleKey = SampleKey.publish(data, bootstrapServers, TOPICS);
        }
        for (int i = 0; i < settings.instances(); i++) {
            instances.get(i).start(TOPICS, streams(i, data));
        }
        if (settings.sample()) {
            parts.push(Sample.start(bootstrapServers, TOPICS, System.nanoTime()));
        }
    }

    private Path temporaryFolder() throws IOException {
        Path folder = Files.createTempDirectory("period-view-");
        parts.push(() -> Files.deleteIfExists(folder)); // left by a broker that never started
        return folder;
    }

    private void openPorts() {
        InstanceSecret secret = InstanceSecret.random();
        for (int i = 0; i < settings.instances(); i++) {
            Instance instance = Instance.open(new ServerSettings(
                    LOOPBACK, settings.port() + i, AdminSettings.of(LOOPBACK, settings.adminPort() + i), secret));
            instance.fatalError().thenAccept(cause -> failed.complete("An instance terminated: " + cause));
            parts.push(instance);
            instances.add(instance);
        }
    }

    private static Broker await(FutureTask<Broker> starting) throws InterruptedException {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerException cause) {
                throw new CommandFailedException(String.valueOf(cause.getMessage()), cause);
            }
            throw new CommandFailedException("The broker cannot be started: " + e.getCause(), e);
        }
    }

    private static void stop(FutureTask<Broker> starting) throws InterruptedException {
        try {
            starting.get().close();
        } catch (ExecutionException e) {
            // It did not start, which await() reports.
        }
    }

    private void provision() throws InterruptedException {
        try (Admin admin = Admin.create(client())) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(TOPICS, APPLICATION_ID, OptionalInt.empty(), OptionalInt.empty())));
        }
    }

    private Map<String, Object> client() {
        return Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    private StreamsSettings streams(int index, Path data) {
        return new StreamsSettings(
                APPLICATION_ID,
                client(),
                data.resolve("instance-" + (index + 1)),
                new HostInfo(LOOPBACK, instances.get(index).port()),
                1,
                settings.instances() > 1 ? 1 : 0);
    }

    /** Completes with what happened, if the broker or an instance ends unexpectedly. */
    CompletableFuture<String> failed() {
        return failed;
    }

    /** Waits until every instance is ready and, with a sample, serves periods of its team. */
    void awaitReady(StopSignal stop) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        for (Instance instance : instances) {
            while (!isReady(http, instance)) {
                if (stop.isReceivedWithin(POLL_INTERVAL) || failed.isDone()) {
                    return;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new CommandFailedException("The service is not ready after " + READY_TIMEOUT.toSeconds()
                            + " s; http://" + LOOPBACK + ":" + instance.adminPort() + "/health/ready says why.");
                }
            }
        }
    }

    private boolean isReady(HttpClient http, Instance instance) throws InterruptedException {
        return ask(http, "http://" + LOOPBACK + ":" + instance.adminPort() + "/health/ready")
                        .isPresent()
                && (sampleKey == null
                        || ask(http, "http://" + LOOPBACK + ":" + instance.port() + "/periods")
                                .filter(periods -> periods.contains("\"id\""))
                                .isPresent());
    }

    /** The body if the status is 200; anything else is retried until the deadline. */
    private Optional<String> ask(HttpClient http, String uri) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5));
        if (sampleKey != null) {
            request.header("Authorization", "Bearer " + sampleKey);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** For the person, or the script, that started it. */
    List<String> readyLines() {
        if (instances.isEmpty()) {
            return List.of("ready broker " + bootstrapServers);
        }
        String api = "http://" + LOOPBACK + ":" + instances.get(0).port();
        if (sampleKey == null) {
            return List.of(
                    "ready " + api,
                    "curl -H \"Authorization: Bearer $(./period-view keys create --bootstrap-servers "
                            + bootstrapServers + " --team 7 --name me)\" " + api + "/periods");
        }
        return List.of(
                "ready " + api + " key=" + sampleKey,
                "curl -H 'Authorization: Bearer " + sampleKey + "' " + api + "/periods");
    }

    @Override
    public void close() {
        CommandFailedException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failure = new CommandFailedException("Not everything could be stopped: " + e, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
