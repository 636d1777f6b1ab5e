package io.periodview.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address. */
final class Ports {

    static final String LOOPBACK = "127.0.0.1";

    /**
     * Below the range from which operating systems take the ports of outgoing connections (from 32768 on Linux, 49152
     * elsewhere): while a broker is down, a client's attempt to reach it could be given the broker's own port.
     */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int CONNECT_MILLIS = 1_000;

    private Ports() {}

    /** A port that is free now, other than the given one. */
    static int pick(int excluded) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (port != excluded && isFree(port)) {
                return port;
            }
        }
        throw new BrokerException("No free port found between " + FIRST + " and " + LAST + " of " + LOOPBACK);
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true); // as the broker does: connections of its predecessor may linger
            probe.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
