package io.periodview.api.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/** Cuts off clients that take too long, by a look at all connections every second. Thread-safe. */
final class SlowClients extends AbstractLifeCycle {

    /** While few places are left, a head gets so many times less. */
    private static final int CROWDED_DIVISOR = 10;

    private final Connector connector;
    private final ConnectionLimit connections;
    private final Duration headTimeout;
    private final AtomicLong cutOff;

    /** @param cutOff counts them */
    SlowClients(Connector connector, ConnectionLimit connections, Duration headTimeout, AtomicLong cutOff) {
        this.connector = connector;
        this.connections = connections;
        this.headTimeout = headTimeout;
        this.cutOff = cutOff;
    }

    @Override
    protected void doStart() {
        checkLater();
    }

    private void checkLater() {
        connector.getScheduler().schedule(this::check, 1, TimeUnit.SECONDS);
    }

    private void check() {
        try {
            long now = System.nanoTime();
            Duration timeout = connections.isCrowded() ? headTimeout.dividedBy(CROWDED_DIVISOR) : headTimeout;
            for (EndPoint client : connector.getConnectedEndPoints()) {
                if (isTooSlow(client, now, timeout)) {
                    cutOff.incrementAndGet();
                    client.close(new TimeoutException("The client is too slow"));
                }
            }
        } finally {
            if (connector.isRunning()) {
                checkLater();
            }
        }
    }

    private static boolean isTooSlow(EndPoint client, long now, Duration headTimeout) {
        return client.getConnection() instanceof LimitedConnection connection && connection.isHeadSlow(now, headTimeout)
                || client instanceof MeasuredEndPoint socket && socket.isReaderSlow(now);
    }
}
