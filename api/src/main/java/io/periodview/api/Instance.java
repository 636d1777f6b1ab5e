package io.periodview.api;

import io.periodview.api.http.AdminServer;
import io.periodview.api.http.ApiServer;
import io.periodview.api.metrics.InstanceMetrics;
import io.periodview.api.status.Setting;
import io.periodview.api.status.StatusDocument;
import io.periodview.streams.PeriodViewService;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.intake.EventTopics;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.StartupCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the service: the view, its API and its operators' port. It answers from the start, at first that it is
 * not ready. Thread-safe.
 */
public final class Instance implements AutoCloseable {

    private final Instant startedAt = Instant.now();
    private final CompletableFuture<Throwable> fatalError = new CompletableFuture<>();
    private final InstanceMetrics metrics = new InstanceMetrics();
    private final AdminServer admin;
    private final ApiServer api;
    private volatile @Nullable PeriodViewService service;
    private volatile List<Setting> settings = List.of();
    private volatile boolean draining;

    private Instance(ServerSettings servers) {
        AdminServer.Endpoints endpoints =
                new AdminServer.Endpoints(this::livenessProblem, this::readinessProblem, this::status, metrics::scrape);
        this.admin = AdminServer.start(servers.admin(), endpoints);
        ApiServer started = null;
        try {
            started = ApiServer.start(servers.bind(), servers.port(), () -> service, servers.secret(), metrics.http());
        } finally {
            if (started == null) {
                admin.close();
                metrics.close();
            }
        }
        this.api = started;
        metrics.watch(() -> service, () -> livenessProblem() == null, () -> readinessProblem() == null);
        metrics.waiting("partition", started.router()::waiting);
        metrics.unresponsivePeers(started.router()::unresponsivePeers);
    }

    /**
     * Opens both ports; until it has started, requests get a 503 that says so.
     *
     * @throws io.periodview.api.http.PortTakenException if one cannot be listened on
     */
    public static Instance open(ServerSettings servers) {
        return new Instance(servers);
    }

    /**
     * Starts the view and returns when it has joined the other instances; {@code GET /health/ready} shows when it
     * serves. If it fails, the instance is to be closed.
     *
     * @throws io.periodview.topics.provisioning.ProvisioningException if the topics are not as they should be
     * @throws IOException if the state directory cannot be used
     */
    public void start(TopicNames topics, StreamsSettings streams) throws IOException, InterruptedException {
        start(topics, streams, List.of());
    }

    /** @param settings that are not the default, to be shown to operators */
    public void start(TopicNames topics, StreamsSettings streams, List<Setting> settings)
            throws IOException, InterruptedException {
        this.settings = List.copyOf(settings);
        EventTopics events;
        try (Admin kafka = Admin.create(streams.client())) {
            events = events(kafka, topics, streams);
        }
        PeriodViewService started = PeriodViewService.start(streams, events, metrics.service());
        started.fatalError().thenAccept(fatalError::complete);
        service = started;
    }

    /**
     * Makes the start that follows build the view from periods and actions: see {@link PeriodViewService#rebuild}.
     *
     * @throws io.periodview.streams.cluster.Rebuild.InstancesRunningException if instances of the application run
     * @throws ExecutionException if the brokers refuse something
     */
    public void rebuild(TopicNames topics, StreamsSettings streams) throws InterruptedException, ExecutionException {
        try (Admin kafka = Admin.create(streams.client())) {
            PeriodViewService.rebuild(kafka, streams, events(kafka, topics, streams));
        }
    }

    private static EventTopics events(Admin kafka, TopicNames topics, StreamsSettings streams)
            throws InterruptedException {
        int partitions = StartupCheck.sharedPartitions(kafka, topics, streams.applicationId());
        return EventTopics.of(topics, streams.applicationId(), partitions);
    }

    private @Nullable String livenessProblem() {
        PeriodViewService running = service;
        return draining || running == null ? null : running.status().livenessProblem();
    }

    private @Nullable String readinessProblem() {
        PeriodViewService running = service;
        if (draining) {
            return "Stopping.";
        }
        return running == null ? "Starting." : running.status().readinessProblem();
    }

    private String status() {
        PeriodViewService running = service;
        return StatusDocument.of(
                new StatusDocument.Frame(startedAt, livenessProblem(), readinessProblem(), settings),
                running == null ? null : running.status());
    }

    /** Completes with the cause if the instance cannot go on. */
    public CompletableFuture<Throwable> fatalError() {
        return fatalError;
    }

    /** Tells this instance from others. */
    public String id() {
        return api.id();
    }

    public int port() {
        return api.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /**
     * Shuts down gracefully: turns unready, drains requests, leaves the group and closes the state, and is live to the
     * end.
     */
    @Override
    public void close() {
        draining = true;
        try (metrics;
                admin) {
            api.close();
            PeriodViewService running = service;
            if (running != null) {
                running.close();
            }
        }
    }
}
