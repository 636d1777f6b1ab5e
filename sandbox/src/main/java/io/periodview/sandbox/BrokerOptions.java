package io.periodview.sandbox;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How a {@link Broker} is to be started.
 *
 * @param directory where it keeps its data and its log; made if it is not there
 * @param port the port of 127.0.0.1 that clients connect to; 0 takes a free one
 * @param deletedAtExit whether the directory goes when the broker stops in order, by {@link Broker#close()} or because
 *     this process ended; after {@link Broker#kill()} it stays for {@link Broker#startAgain()}
 * @param lasting whether it is to be fast for long, rather than up soon and small
 * @param settings broker settings that win over the ones of the sandbox
 */
public record BrokerOptions(
        Path directory, int port, boolean deletedAtExit, boolean lasting, Map<String, String> settings) {

    public BrokerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is a number from 0 (any) to 65535, not " + port);
        }
        settings = Map.copyOf(settings);
    }

    /** Any free port; the directory stays. */
    public static BrokerOptions in(Path directory) {
        return new BrokerOptions(directory, 0, false, false, Map.of());
    }

    public BrokerOptions withPort(int newPort) {
        return new BrokerOptions(directory, newPort, deletedAtExit, lasting, settings);
    }

    public BrokerOptions withDeletionAtExit() {
        return new BrokerOptions(directory, port, true, lasting, settings);
    }

    /** With a heap for a million events, and all of the JVM's compilers. */
    public BrokerOptions lastingLong() {
        return new BrokerOptions(directory, port, deletedAtExit, true, settings);
    }

    public BrokerOptions withSetting(String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return new BrokerOptions(directory, port, deletedAtExit, lasting, more);
    }
}
