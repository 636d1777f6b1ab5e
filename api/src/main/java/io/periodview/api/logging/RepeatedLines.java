package io.periodview.api.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what is logged by logger, level and message, without what differs from client to client and from try to try:
 * numbers, and what stands in brackets. Its memory is bounded, whatever is logged. Thread-safe.
 */
final class RepeatedLines {

    /** Lines of a kind that are logged. An instance has some tens of partitions, and a line for each is no flood. */
    static final int LIMIT = 50;

    /** A stack trace takes as much of the log as ten lines. */
    static final int COST_OF_A_TRACE = 10;

    /** Kinds that are counted apart; a running instance logs some ten. */
    static final int MAX_KINDS = 200;

    private static final int MAX_MESSAGE = 200;

    private final Map<String, Kind> kinds = new HashMap<>();

    /**
     * Lines that were left out.
     *
     * @param message as it stands in the code, at most 200 characters of it
     */
    record LeftOut(String logger, Level level, String message, long count) {}

    private static final class Kind {
        private final String logger;
        private final Level level;
        private final String message;
        private int logged;
        private long leftOut;

        Kind(String logger, Level level, String message) {
            this.logger = logger;
            this.level = level;
            this.message = message;
        }
    }

    /** Whether to log it. If not, it is counted. */
    synchronized boolean admit(ILoggingEvent event) {
        Kind kind = kindOf(event);
        if (kind.logged >= LIMIT) {
            kind.leftOut++;
            return false;
        }
        kind.logged += event.getThrowableProxy() == null ? 1 : COST_OF_A_TRACE;
        return true;
    }

    /** What was left out since the last call. From now on all is counted anew. */
    synchronized List<LeftOut> startAnew() {
        List<LeftOut> leftOut = new ArrayList<>();
        for (Kind kind : kinds.values()) {
            if (kind.leftOut > 0) {
                leftOut.add(new LeftOut(kind.logger, kind.level, kind.message, kind.leftOut));
            }
        }
        kinds.clear();
        return leftOut;
    }

    private Kind kindOf(ILoggingEvent event) {
        String message = event.getMessage() == null ? "" : shorten(event.getMessage());
        String name = event.getLoggerName() + ' ' + event.getLevel() + ' ' + withoutDetails(message);
        Kind known = kinds.get(name);
        if (known != null) {
            return known;
        }
        // When there are too many, those that are left over have one limit together.
        return kinds.size() < MAX_KINDS
                ? kinds.computeIfAbsent(name, n -> new Kind(event.getLoggerName(), event.getLevel(), message))
                : kinds.computeIfAbsent("", n -> new Kind(getClass().getName(), Level.WARN, "lines of many kinds"));
    }

    private static String shorten(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
    }

    private static String withoutDetails(String message) {
        StringBuilder rest = new StringBuilder(message.length());
        int depth = 0;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            depth += c == '[' ? 1 : 0;
            if (depth == 0 && (c < '0' || c > '9')) {
                rest.append(c);
            }
            depth -= c == ']' && depth > 0 ? 1 : 0;
        }
        return rest.toString();
    }
}
