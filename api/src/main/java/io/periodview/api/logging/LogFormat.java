package io.periodview.api.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** What a line of the log looks like. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** An object a line: see {@link JsonLines}. */
    JSON;

    /** Has this process log so from now on. */
    public void use() {
        if (this == TEXT) {
            return; // as logback.xml says
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Iterator<Appender<ILoggingEvent>> appenders =
                    context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
            while (appenders.hasNext()) {
                if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
                    JsonLines encoder = new JsonLines();
                    encoder.setContext(context);
                    encoder.start();
                    appender.stop();
                    appender.setEncoder(encoder);
                    appender.start();
                }
            }
        }
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return this == TEXT ? "text" : "json";
    }
}
