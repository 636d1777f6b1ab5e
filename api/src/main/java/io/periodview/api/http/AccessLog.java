package io.periodview.api.http;

import io.javalin.http.Context;
import io.periodview.api.logging.LogText;
import io.periodview.topics.Json;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request: what, how it ended, how long it took, whose it was. No key, only its name; no query. What a client or
 * the maker of a key has chosen cannot look like something else.
 */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.periodview.requests");
    private static final String TEAM = "period-view.team";
    private static final String ROWS = "period-view.rows";

    private static final String KEY = "period-view.key";
    private static final Pattern WORD = Pattern.compile("[\\w.-]+");

    private AccessLog() {}

    /** @param name of the key, as its maker called it */
    static void key(Context ctx, String name) {
        ctx.attribute(KEY, name);
    }

    static void team(Context ctx, long team) {
        ctx.attribute(TEAM, team);
    }

    static void rows(Context ctx, long rows) {
        ctx.attribute(ROWS, rows);
    }

    static void log(Context ctx, Float millis) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    "{} {} team={} status={} ms={} rows={} key={} client={}",
                    LogText.of(ctx.req().getMethod()),
                    LogText.of(ctx.path()),
                    orDash(ctx.attribute(TEAM)),
                    ctx.res().getStatus(),
                    Math.round(millis * 10) / 10.0,
                    orDash(ctx.attribute(ROWS)),
                    keyName(ctx.attribute(KEY)),
                    ctx.req().getRemoteAddr());
        }
    }

    /** In quotes if it is more than a word. */
    private static String keyName(@Nullable String name) {
        if (name == null) {
            return "-";
        }
        String shown = LogText.of(name);
        return WORD.matcher(shown).matches() && !shown.equals("-") ? shown : Json.quote(shown);
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }
}
