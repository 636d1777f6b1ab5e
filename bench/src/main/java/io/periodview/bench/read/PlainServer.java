package io.periodview.bench.read;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Handler;
import io.periodview.api.http.HttpSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server that Period View has, set as there, its request log included, with another handler behind it. */
final class PlainServer {

    static final String PATH = "/periods/{period_id}/actions";

    private static final Logger LOG = LoggerFactory.getLogger(PlainServer.class);

    private PlainServer() {}

    /** Starts it and says on which port. */
    static void start(Handler actions) {
        Javalin server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.jetty.modifyHttpConfiguration(HttpSettings::apply);
            config.requestLogger.http((ctx, millis) -> LOG.info(
                    "{} {} team={} status={} ms={} rows={}",
                    ctx.req().getMethod(),
                    ctx.path(),
                    1,
                    ctx.res().getStatus(),
                    Math.round(millis * 10) / 10.0,
                    "-"));
            config.routes.get(PATH, ctx -> {
                ctx.res().setHeader("Cache-Control", "private, no-cache");
                ctx.res().setHeader("Vary", "Authorization, Accept-Encoding");
                ctx.res().setContentType("application/json");
                actions.handle(ctx);
            });
        });
        server.start();
        System.out.println("port " + server.port());
    }
}
