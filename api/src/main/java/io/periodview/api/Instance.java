package io.periodview.api;

import io.periodview.api.http.AdminServer;
import io.periodview.api.http.ApiServer;
import io.periodview.streams.PeriodViewService;
import io.periodview.streams.StreamsSettings;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicCheck;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the service: the view, its API and its operators' port. It answers from the start, at first that it is
 * not ready. Thread-safe.
 */
public final class Instance implements AutoCloseable {

    private final Settings settings;
    private final CompletableFuture<Throwable> gaveUp = new CompletableFuture<>();
    private final AdminServer admin;
    private final ApiServer api;
    private volatile @Nullable PeriodViewService service;
    private volatile boolean draining;

    /**
     * @param bind the address that both ports listen on
     * @param port of the API
     * @param adminPort of health and metrics
     */
    public record Settings(String bind, int port, int adminPort, TopicNames topics, StreamsSettings streams) {}

    private Instance(Settings settings) {
        this.settings = settings;
        this.admin = AdminServer.start(settings.bind(), settings.adminPort(), this::notLive, this::notReady);
        ApiServer started = null;
        try {
            started = ApiServer.start(settings.bind(), settings.port(), () -> service);
        } finally {
            if (started == null) {
                admin.close();
            }
        }
        this.api = started;
    }

    /**
     * Starts an instance and returns when it has joined the others; {@code GET /health/ready} tells when it serves.
     *
     * @throws io.periodview.topics.provisioning.ProvisioningException if the topics are not as they should be
     * @throws IOException if the state directory cannot be used
     */
    public static Instance start(Settings settings) throws IOException, InterruptedException {
        Instance instance = new Instance(settings);
        boolean started = false;
        try {
            instance.startService();
            started = true;
            return instance;
        } finally {
            if (!started) {
                instance.close();
            }
        }
    }

    private void startService() throws IOException, InterruptedException {
        StreamsSettings streams = settings.streams();
        int partitions;
        try (Admin kafka = Admin.create(streams.client())) {
            partitions = TopicCheck.sharedPartitions(kafka, settings.topics(), streams.applicationId());
        }
        String rerouted = TopicNames.rerouted(streams.applicationId());
        PeriodViewService started = PeriodViewService.start(streams, settings.topics(), rerouted, partitions);
        started.gaveUp().thenAccept(gaveUp::complete);
        service = started;
    }

    private @Nullable String notLive() {
        PeriodViewService running = service;
        return running == null || running.isAlive() ? null : "The stream threads are " + running.state() + ".";
    }

    private @Nullable String notReady() {
        PeriodViewService running = service;
        if (draining) {
            return "Stopping.";
        }
        if (running == null) {
            return "Starting.";
        }
        return running.isServing() ? null : "The partitions are not served yet: " + running.state() + ".";
    }

    /** Completes with the cause if the instance cannot go on. */
    public CompletableFuture<Throwable> gaveUp() {
        return gaveUp;
    }

    public int port() {
        return api.port();
    }

    public int adminPort() {
        return admin.port();
    }

    /**
     * Stops in order: is not ready any more, lets requests end, leaves the group and closes the state, and is live to
     * the end.
     */
    @Override
    public void close() {
        draining = true;
        api.close();
        PeriodViewService running = service;
        if (running != null) {
            running.close();
        }
        admin.close();
    }
}
