package io.periodview.api.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** How much the loggers of this process say, which can be changed while it runs. Thread-safe. */
public final class LogLevels {

    /** As they are written, from the most to the least talkative. */
    public static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    /** The logger that all others take their level from. */
    public static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

    private static final String HTTP_SERVER = "org.eclipse.jetty";

    private static final LogLevels OF_THIS_PROCESS = new LogLevels();

    private final LoggerContext context;

    /** What they had before they were changed here; null for none of their own. */
    private final Map<String, @Nullable Level> before = new HashMap<>();

    /**
     * A logger.
     *
     * @param level its own, null if it has none
     * @param effective its own or that of the next one above
     */
    public record LogLevel(String logger, @Nullable String level, String effective) {}

    private LogLevels() {
        this.context = (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    public static LogLevels ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /**
     * Whether a logger may have a level. Below INFO, Jetty logs the bytes that it reads, and pieces of keys among them that
     * nobody can recognize. All its loggers take their level from one that is set in logback.xml, so no other one matters.
     */
    public static boolean isAllowed(String logger, String level) {
        boolean isHttpServer = logger.equals(HTTP_SERVER) || logger.startsWith(HTTP_SERVER + '.');
        return !isHttpServer || Level.valueOf(level).isGreaterOrEqual(Level.INFO);
    }

    /** The loggers that have a level of their own, by name, the root first. */
    public List<LogLevel> all() {
        return context.getLoggerList().stream()
                .filter(each -> each.getLevel() != null)
                .map(LogLevels::of)
                .toList();
    }

    /** A logger, or null if there is none of this name yet. */
    public @Nullable LogLevel find(String logger) {
        Logger known = context.exists(logger);
        return known == null ? null : of(known);
    }

    private static LogLevel of(Logger logger) {
        Level level = logger.getLevel();
        return new LogLevel(
                logger.getName(),
                level == null ? null : level.toString(),
                logger.getEffectiveLevel().toString());
    }

    /**
     * Changes how much a logger says, also one that nobody has logged to yet.
     *
     * @param level one of {@link #LEVELS}, or null for what the logger had at first
     */
    public synchronized LogLevel set(String logger, @Nullable String level) {
        Logger changed = context.getLogger(logger);
        if (level != null) {
            if (!before.containsKey(logger)) {
                before.put(logger, changed.getLevel());
            }
            changed.setLevel(Level.valueOf(level));
        } else if (before.containsKey(logger)) {
            changed.setLevel(before.remove(logger));
        }
        return of(changed);
    }
}
