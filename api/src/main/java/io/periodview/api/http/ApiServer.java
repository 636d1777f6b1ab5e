package io.periodview.api.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.periodview.api.metrics.HttpMetrics;
import io.periodview.api.routing.ForwardedRequests;
import io.periodview.api.routing.InstanceSecret;
import io.periodview.api.routing.QueryRouter;
import io.periodview.api.routing.ViewHeaders;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The API on its port, from construction to {@link #close}. Thread-safe. */
public final class ApiServer implements AutoCloseable {

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    /** More than requests can wait for a position or a partition. Each may keep a direct buffer of 128 KiB. */
    private static final int THREADS = 250;

    private final Javalin server;
    private final QueryRouter router;
    private final String id;

    private ApiServer(Javalin server, QueryRouter router, String id) {
        this.server = server;
        this.router = router;
        this.id = id;
    }

    /**
     * @param port 0 for any free one
     * @param service what is asked
     * @param secret of the service's instances; null if this one neither forwards requests nor takes forwarded ones
     * @param metrics count every request
     */
    public static ApiServer start(
            String bind, int port, StartedService service, @Nullable InstanceSecret secret, HttpMetrics metrics) {
        QueryRouter router = new QueryRouter(secret, metrics);
        ViewRoutes routes = new ViewRoutes(service, router, new ForwardedRequests(secret));
        String id = UUID.randomUUID().toString();
        HttpPort http = new HttpPort("api", bind, port, THREADS, HttpLimits.ofThisProcess());
        metrics.connections(http::open, http::refused, http::cutOff);
        Javalin server = Javalin.create(config -> {
            JettyServers.configure(config, http, DRAIN_TIMEOUT);
            config.routes.get(ViewRoutes.PERIODS, routes::periods);
            config.routes.head(ViewRoutes.PERIODS, routes::periods);
            config.routes.get(ViewRoutes.ACTIONS, routes::actions);
            config.routes.head(ViewRoutes.ACTIONS, routes::actions);
            config.routes.before("/", ctx -> ctx.header(ViewHeaders.INSTANCE, id));
            config.requestLogger.http((ctx, millis) -> answered(ctx, millis, metrics));
        });
        return new ApiServer(JettyServers.start(server, bind, port), router, id);
    }

    private static void answered(Context ctx, float millis, HttpMetrics metrics) {
        if (!ctx.path().equals("/")) { // pings of other instances
            AccessLog.log(ctx, millis);
            metrics.answered(ctx.req().getMethod(), ctx.path(), ctx.res().getStatus(), (long) (millis * 1e6));
        }
    }

    /** How requests get to the instance that answers them. */
    public QueryRouter router() {
        return router;
    }

    /** Tells this instance from others: see {@link io.periodview.api.routing.AdvertisedAddressCheck}. */
    public String id() {
        return id;
    }

    public int port() {
        return server.port();
    }

    /** Takes no more requests, lets those that are being answered end, within ten seconds. */
    @Override
    public void close() {
        JettyServers.stop(server);
        router.close();
    }
}
