package io.periodview.api.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** All that is logged while it is open, whoever logs it, with its exceptions. Thread-safe. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final String OURS = "io.periodview";

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root;
    private final Logger ours;
    private final Level before;

    private LogLines() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        setContext(context);
        root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ours = context.getLogger(OURS);
        before = ours.getLevel();
    }

    /** With the DEBUG and TRACE lines of the service. */
    static LogLines open() {
        LogLines lines = new LogLines();
        lines.ours.setLevel(Level.TRACE);
        lines.start();
        lines.root.addAppender(lines);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage();
        lines.add(
                event.getThrowableProxy() == null
                        ? line
                        : line + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    List<String> all() {
        return List.copyOf(lines);
    }

    /** The lines about requests. */
    List<String> requests() {
        return lines.stream()
                .filter(line -> line.startsWith("INFO io.periodview.requests "))
                .map(line -> line.substring("INFO io.periodview.requests ".length()))
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(this);
        ours.setLevel(before);
    }
}
