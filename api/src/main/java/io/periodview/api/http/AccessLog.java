package io.periodview.api.http;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line a request: whose, what, how it ended, how long it took. No key, no query. */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.periodview.requests");
    private static final String TEAM = "period-view.team";
    private static final String ROWS = "period-view.rows";

    private AccessLog() {}

    static void team(Context ctx, long team) {
        ctx.attribute(TEAM, team);
    }

    static void rows(Context ctx, long rows) {
        ctx.attribute(ROWS, rows);
    }

    static void log(Context ctx, Float millis) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "{} {} team={} status={} ms={} rows={}",
                    ctx.req().getMethod(),
                    ctx.path(),
                    orDash(ctx.attribute(TEAM)),
                    ctx.res().getStatus(),
                    Math.round(millis * 10) / 10.0,
                    orDash(ctx.attribute(ROWS)));
        }
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }
}
