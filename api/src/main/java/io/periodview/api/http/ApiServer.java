package io.periodview.api.http;

import io.periodview.api.routing.AdvertisedAddressCheck;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.periodview.api.metrics.HttpMeters;
import io.periodview.streams.PeriodViewService;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The API on its port, from construction to {@link #close}. Thread-safe. */
public final class ApiServer implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Javalin server;
    private final ViewRoutes routes;
    private final String id;

    private ApiServer(Javalin server, ViewRoutes routes, String id) {
        this.server = server;
        this.id = id;
        this.routes = routes;
    }

    /**
     * @param port 0 for any free one
     * @param service what is asked; null as long as it is starting
     * @param meters are told of every request
     */
    public static ApiServer start(
            String bind, int port, Supplier<@Nullable PeriodViewService> service, HttpMeters meters) {
        ViewRoutes routes = new ViewRoutes(service, meters);
        String id = UUID.randomUUID().toString();
        Javalin server = Javalin.create(config -> {
            JettyServers.configure(config, bind, port, DRAIN);
            config.routes.get(ViewRoutes.PERIODS, routes::periods);
            config.routes.head(ViewRoutes.PERIODS, routes::periods);
            config.routes.get(ViewRoutes.ACTIONS, routes::actions);
            config.routes.head(ViewRoutes.ACTIONS, routes::actions);
            config.routes.before("/", ctx -> ctx.header(AdvertisedAddressCheck.INSTANCE, id));
            config.requestLogger.http((ctx, millis) -> answered(ctx, millis, meters));
        });
        return new ApiServer(JettyServers.start(server, bind, port), routes, id);
    }

    private static void answered(Context ctx, float millis, HttpMeters meters) {
        if (!ctx.path().equals("/")) { // instances look whether others live
            AccessLog.log(ctx, millis);
            meters.answered(ctx.req().getMethod(), ctx.path(), ctx.res().getStatus(), (long) (millis * 1e6));
        }
    }

    /** Requests that wait for a partition that nobody holds. */
    public int waiting() {
        return routes.waiting();
    }

    /** Other instances that are not asked before they answer a ping. */
    public int silentInstances() {
        return routes.silentInstances();
    }

    /** Tells this instance from others: see {@link AdvertisedAddressCheck}. */
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
        routes.close();
    }
}
