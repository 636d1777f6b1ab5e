package io.periodview.api.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.periodview.api.metrics.InstanceMetrics;
import io.periodview.topics.Json;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operators' port: health, metrics, status, log levels. admin.yaml is its reference. Thread-safe. */
public final class AdminServer implements AutoCloseable {

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);
    private static final int THREADS = 16;
    private static final String JSON = "application/json";

    private final Javalin server;

    /** Why the process is not in this state, in a line for a person, or null if it is. */
    public interface Check extends Supplier<@Nullable String> {}

    /**
     * What the endpoints show.
     *
     * @param status a JSON document
     * @param metrics in Prometheus' text format
     */
    public record Endpoints(Check live, Check ready, Supplier<String> status, Supplier<String> metrics) {}

    private AdminServer(Javalin server) {
        this.server = server;
    }

    public static AdminServer start(AdminSettings settings, Endpoints endpoints) {
        AdminAccess access = new AdminAccess(settings);
        LoggerRoutes loggers = new LoggerRoutes();
        HttpPort http = new HttpPort("admin", settings.bind(), settings.port(), THREADS, HttpLimits.ofThisProcess());
        Javalin server = Javalin.create(config -> {
            JettyServers.configure(config, http, DRAIN_TIMEOUT);
            config.routes.before(access::check);
            read(config.routes, "/health/live", ctx -> answer(ctx, "live", endpoints.live()));
            read(config.routes, "/health/ready", ctx -> answer(ctx, "ready", endpoints.ready()));
            read(
                    config.routes,
                    "/status",
                    ctx -> ctx.contentType(JSON).result(endpoints.status().get()));
            read(
                    config.routes,
                    "/metrics",
                    ctx -> ctx.contentType(InstanceMetrics.CONTENT_TYPE)
                            .result(endpoints.metrics().get()));
            read(config.routes, "/loggers", loggers::all);
            read(config.routes, LoggerRoutes.ONE, loggers::one);
            config.routes.put(LoggerRoutes.ONE, loggers::set);
            config.routes.post(LoggerRoutes.ONE, loggers::set);
        });
        return new AdminServer(JettyServers.start(server, settings.bind(), settings.port()));
    }

    /** Load balancers ask with HEAD, which Javalin would answer with 200 unasked. */
    private static void read(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void answer(Context ctx, String state, Check check) {
        String problem = check.get();
        ctx.contentType(JSON);
        if (problem == null) {
            ctx.result("{\"status\":\"" + state + "\"}");
        } else {
            ctx.status(503)
                    .header("Retry-After", Integer.toString(ApiError.RETRY_AFTER_SECONDS))
                    .result("{\"status\":\"not " + state + "\",\"message\":" + Json.quote(problem) + "}");
        }
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        JettyServers.stop(server);
    }
}
