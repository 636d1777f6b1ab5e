package io.periodview.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address for programs that tests start. */
public final class FreePorts {

    /** Tests run in some processes side by side, from 1 on; each has ports of its own. */
    private static final int FORK = Integer.getInteger("periodview.fork", 1);

    private static final int PORTS = 4_000;

    /** All are below the range from which operating systems take the ports of outgoing connections. */
    private static final int FIRST = 11_000 + (FORK - 1) * PORTS;

    private static final int LAST = FIRST + PORTS - 100;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /** The first of some ports in a row that are free now; none is given twice. */
    public static synchronized int next(int inARow) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            Set<Integer> row = new HashSet<>();
            for (int port = first; port < first + inARow && !GIVEN.contains(port) && isFree(port); port++) {
                row.add(port);
            }
            if (row.size() == inARow) {
                GIVEN.addAll(row);
                return first;
            }
        }
        throw new IllegalStateException("There are no " + inARow + " free ports in a row");
    }

    public static int next() {
        return next(1);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }
}
