package io.periodview.cli.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** The log of Kafka's clients. */
public final class KafkaClientLog {

    private static final String CONNECTIONS = "org.apache.kafka.clients.NetworkClient";

    private KafkaClientLog() {}

    /** Switches it off in this process. */
    public static void mute() {
        set("org.apache.kafka", Level.OFF);
    }

    /** About failed connections it says no more than the one line that a command ends with. */
    public static void muteConnections() {
        set(CONNECTIONS, Level.OFF);
    }

    static void unmuteConnections() {
        set(CONNECTIONS, null);
    }

    private static void set(String logger, @Nullable Level level) {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers instanceof LoggerContext logback) {
            logback.getLogger(logger).setLevel(level);
        }
    }
}
