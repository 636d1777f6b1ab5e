package io.periodview.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.periodview.api.logging.LogLevels;
import io.periodview.api.logging.LogLevels.LogLevel;
import io.periodview.topics.Json;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the loggers say: asked, and changed while the process runs. Thread-safe. */
final class LoggerRoutes {

    static final String ONE = "/loggers/{name}";

    private static final Logger LOG = LoggerFactory.getLogger(LoggerRoutes.class);
    private static final String EXPECTED = "The body is to be {\"level\":\"DEBUG\"}, with a level of "
            + String.join(", ", LogLevels.LEVELS) + ", or null for the level that the logger had at first.";

    /** What names of classes and packages have. Whatever else is given here would stay in memory, and in the log. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.$-]{1,200}");

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final LogLevels levels = LogLevels.ofThisProcess();

    void all(Context ctx) {
        write(
                ctx,
                "{\"loggers\":[" + levels.all().stream().map(LoggerRoutes::json).collect(Collectors.joining(","))
                        + "]}");
    }

    void one(Context ctx) {
        LogLevel logger = levels.find(name(ctx));
        if (logger == null) {
            throw ApiError.notFound("There is no logger of this name yet. Its level can be set all the same.");
        }
        write(ctx, json(logger));
    }

    void set(Context ctx) {
        String level = level(ctx.body());
        String name = name(ctx);
        if (level != null && !LogLevels.isAllowed(name, level)) {
            throw ApiError.badRequest(
                    "Below INFO the HTTP server logs what it reads, API keys included: not for this logger.");
        }
        LogLevel changed = levels.set(name, level);
        LOG.info("The logger {} says {} from now on", changed.logger(), changed.effective());
        write(ctx, json(changed));
    }

    private static String name(Context ctx) {
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw ApiError.badRequest("A logger's name has 1 to 200 letters of ASCII, digits, and . _ $ - only.");
        }
        return name.equalsIgnoreCase(LogLevels.ROOT) ? LogLevels.ROOT : name;
    }

    private @Nullable String level(String body) {
        JsonNode level;
        try {
            level = json.readTree(body).get("level");
        } catch (JsonProcessingException e) {
            throw ApiError.badRequest(EXPECTED);
        }
        if (level != null && level.isNull()) {
            return null;
        }
        String name = level == null ? "" : level.asText().toUpperCase(Locale.ROOT);
        if (level == null || !level.isTextual() || !LogLevels.LEVELS.contains(name)) {
            throw ApiError.badRequest(EXPECTED);
        }
        return name;
    }

    private static String json(LogLevel logger) {
        return "{\"logger\":" + Json.quote(logger.logger()) + ",\"level\":"
                + (logger.level() == null ? "null" : Json.quote(logger.level())) + ",\"effectiveLevel\":"
                + Json.quote(logger.effective()) + "}";
    }

    private static void write(Context ctx, String body) {
        ctx.contentType("application/json").result(body);
    }
}
