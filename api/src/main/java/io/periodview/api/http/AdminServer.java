package io.periodview.api.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operators' port: {@code GET /health/live} and {@code GET /health/ready}. Thread-safe. */
public final class AdminServer implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Javalin server;

    /** Why the process is not in this state, in a line for a person, or null if it is. */
    public interface Check extends Supplier<@Nullable String> {}

    private AdminServer(Javalin server) {
        this.server = server;
    }

    /** @param port 0 for any free one */
    public static AdminServer start(String bind, int port, Check live, Check ready) {
        Javalin server = Javalin.create(config -> {
            Servers.configure(config, bind, port, DRAIN);
            // Load balancers ask with HEAD, which Javalin would answer with 200 unasked.
            config.routes.get("/health/live", ctx -> answer(ctx, "live", live));
            config.routes.head("/health/live", ctx -> answer(ctx, "live", live));
            config.routes.get("/health/ready", ctx -> answer(ctx, "ready", ready));
            config.routes.head("/health/ready", ctx -> answer(ctx, "ready", ready));
        });
        return new AdminServer(Servers.start(server, bind, port));
    }

    private static void answer(Context ctx, String state, Check check) {
        String problem = check.get();
        if (problem != null) {
            throw ApiError.unavailable(problem);
        }
        ctx.contentType("application/json").result("{\"status\":\"" + state + "\"}");
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        Servers.stop(server);
    }
}
