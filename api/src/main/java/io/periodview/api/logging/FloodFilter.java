package io.periodview.api.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keeps repetitions out of the log: of lines that say the same, the first {@value RepeatedLines#LIMIT} of a minute are
 * logged, and at its end a line says how many were left out. Kafka's clients log each of their attempts, and where a topic
 * is gone they try a thousand times a second.
 *
 * <p>Logback's own {@code DuplicateMessageFilter} has no time: it leaves out for ever what it has once seen too often, and
 * nobody learns of it.
 *
 * <p>Thread-safe; to be named in logback.xml, at an appender.
 */
public final class FloodFilter extends Filter<ILoggingEvent> {

    private static final String OURS = "io.periodview.";

    /** One line a request: who wants fewer of them turns this logger off. A request that is not there looks like none. */
    private static final String REQUESTS = OURS + "requests";

    private static final Marker LEFT_OUT = MarkerFactory.getMarker("left-out");

    private final long window;
    private final RepeatedLines lines = new RepeatedLines();
    private final Object lock = new Object();
    private long end;
    private boolean isReportDue;

    public FloodFilter() {
        this(Duration.ofMinutes(1));
    }

    FloodFilter(Duration window) {
        this.window = window.toNanos();
        this.end = System.nanoTime() + this.window;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (isExempt(event)) {
            return FilterReply.NEUTRAL;
        }
        synchronized (lock) {
            long now = System.nanoTime();
            if (now - end >= 0 && !isReportDue) {
                lines.startAnew(); // nothing was left out
                end = now + window;
            }
            if (lines.admit(event)) {
                return FilterReply.NEUTRAL;
            }
            if (!isReportDue) {
                isReportDue = true;
                // On a thread of its own: an appender takes no line from within a line.
                getContext().getScheduledExecutorService().schedule(this::report, end - now, TimeUnit.NANOSECONDS);
            }
            return FilterReply.DENY;
        }
    }

    private static boolean isExempt(ILoggingEvent event) {
        Level level = event.getLevel();
        String logger = event.getLoggerName();
        return logger.equals(REQUESTS)
                // Each is something that a person must see, and no attempt of a library is one.
                || level.isGreaterOrEqual(Level.ERROR) && logger.startsWith(OURS)
                // Somebody has asked for them, and has them all.
                || !level.isGreaterOrEqual(Level.INFO)
                || event.getMarkerList() != null && event.getMarkerList().contains(LEFT_OUT);
    }

    private void report() {
        List<RepeatedLines.LeftOut> leftOut;
        synchronized (lock) {
            leftOut = lines.startAnew();
            end = System.nanoTime() + window;
            isReportDue = false;
        }
        for (RepeatedLines.LeftOut each : leftOut) {
            Logger logger = ((LoggerContext) getContext()).getLogger(each.logger());
            LoggingEventBuilder line =
                    logger.atLevel(org.slf4j.event.Level.valueOf(each.level().toString()));
            line.addMarker(LEFT_OUT)
                    .log("{} more lines like this one were left out within a minute: {}", each.count(), each.message());
        }
    }
}
