package io.periodview.api.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.periodview.api.logging.LogText;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API's server and the operators' have in common. */
final class JettyServers {

    private static final Logger LOG = LoggerFactory.getLogger(JettyServers.class);

    private JettyServers() {}

    /** @param drain how long a stop waits for requests that are being answered */
    static void configure(JavalinConfig config, HttpPort port, Duration drain) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.router.ignoreTrailingSlashes = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE; // the routes know better what is worth it
        config.jetty.modifyHttpConfiguration(HttpSettings::apply);
        config.jetty.addConnector(port::connector);
        config.jetty.threadPool = port.threads();
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JsonErrorHandler());
            server.setHandler(new GracefulHandler());
            server.setStopTimeout(drain.toMillis());
        });
        config.routes.exception(ApiError.class, JettyServers::write);
        config.routes.exception(
                MethodNotAllowedResponse.class, (e, ctx) -> write(ApiError.methodNotAllowed(allowed(e)), ctx));
        config.routes.exception(
                NotFoundResponse.class, (e, ctx) -> write(ApiError.notFound("There is nothing at this path."), ctx));
        config.routes.exception(
                HttpResponseException.class,
                (e, ctx) -> ctx.status(e.getStatus())
                        .contentType("application/json")
                        .result(ApiError.body(text(e))));
        config.routes.exception(InterruptedException.class, (e, ctx) -> {
            Thread.currentThread().interrupt();
            write(ApiError.unavailable("This instance is stopping."), ctx);
        });
        config.routes.exception(IOException.class, (e, ctx) -> {
            LOG.debug("An answer to {} broke off", LogText.of(ctx.path()), e);
            writeInstead(ApiError.unavailable("The answer broke off before it was whole."), ctx);
        });
        config.routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("A request to {} failed", LogText.of(ctx.path()), e);
            writeInstead(ApiError.failed(), ctx);
        });
    }

    /**
     * Takes back what was prepared of an answer. If some of it is sent already, its length does not come true, and the
     * server closes the connection: the reader can tell.
     */
    private static void writeInstead(ApiError error, Context ctx) {
        if (!ctx.res().isCommitted()) {
            ctx.res().reset();
            ctx.header(RequestCustomizer.CONTENT_TYPE_OPTIONS, RequestCustomizer.NO_SNIFFING);
            write(error, ctx);
        }
    }

    /** Stops whatever happens: a reader who does not read must not keep the rest of the instance from stopping. */
    static void stop(Javalin server) {
        try {
            server.stop();
        } catch (JavalinException e) {
            LOG.warn("Requests that were still being answered are cut off: {}", String.valueOf(e.getCause()));
        }
    }

    /** @throws PortTakenException if the port is not free, or not ours to take */
    static Javalin start(Javalin server, String bind, int port) {
        try {
            return server.start();
        } catch (JavalinBindException e) {
            throw new PortTakenException(bind, port, e);
        }
    }

    private static List<String> allowed(MethodNotAllowedResponse refused) {
        String methods = refused.getDetails().getOrDefault("availableMethods", "");
        return Arrays.stream(methods.split("\\W+"))
                .filter(method -> !method.isEmpty())
                .sorted()
                .toList();
    }

    private static void write(ApiError error, Context ctx) {
        error.headers().forEach(ctx::header);
        ctx.status(error.status()).contentType("application/json").result(error.body());
        AnswerProof.add(ctx, error.body());
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? "The request failed." : e.getMessage();
    }
}
