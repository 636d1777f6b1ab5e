package io.periodview.api.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** The log of Kafka's clients. */
final class KafkaLog {

    private KafkaLog() {}

    /** Switches it off in this process. */
    static void mute() {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers instanceof LoggerContext logback) {
            logback.getLogger("org.apache.kafka").setLevel(Level.OFF);
        }
    }
}
