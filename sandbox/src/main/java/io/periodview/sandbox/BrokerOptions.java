package io.periodview.sandbox;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How to start a {@link Broker}.
 *
 * @param directory where it keeps its data and its log; created if needed
 * @param port the port of 127.0.0.1 that clients connect to; 0 takes a free one
 * @param deletedAtExit whether the directory is deleted when the broker shuts down cleanly, by {@link Broker#close()} or
 *     because this process ended; after {@link Broker#kill()} it stays for {@link Broker#startAgain()}
 * @param longRunning whether the broker is tuned for throughput, rather than for a fast start and little memory
 * @param settings broker settings that override the sandbox's
 */
public record BrokerOptions(
        Path directory, int port, boolean deletedAtExit, boolean longRunning, Map<String, String> settings) {

    public BrokerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is a number from 0 (any) to 65535, not " + port);
        }
        settings = Map.copyOf(settings);
    }

    /** Any free port; the directory is kept. */
    public static BrokerOptions in(Path directory) {
        return new BrokerOptions(directory, 0, false, false, Map.of());
    }

    public BrokerOptions withPort(int newPort) {
        return new BrokerOptions(directory, newPort, deletedAtExit, longRunning, settings);
    }

    public BrokerOptions withDeletionAtExit() {
        return new BrokerOptions(directory, port, true, longRunning, settings);
    }

    /** A heap for a million events, and all of the JVM's compilers. */
    public BrokerOptions forLongRuns() {
        return new BrokerOptions(directory, port, deletedAtExit, true, settings);
    }

    public BrokerOptions withSetting(String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return new BrokerOptions(directory, port, deletedAtExit, longRunning, more);
    }
}
