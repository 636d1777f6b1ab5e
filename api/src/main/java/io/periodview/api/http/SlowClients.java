package io.periodview.api.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/** Cuts off clients that take too long, by a look at all connections every second. Thread-safe. */
final class SlowClients extends AbstractLifeCycle {

    private final Connector connector;
    private final AtomicLong cutOff;

    /** @param cutOff counts them */
    SlowClients(Connector connector, AtomicLong cutOff) {
        this.connector = connector;
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
        long now = System.nanoTime();
        for (EndPoint client : connector.getConnectedEndPoints()) {
            if (isTooSlow(client, now)) {
                cutOff.incrementAndGet();
                client.close(new TimeoutException("The client is too slow"));
            }
        }
        if (connector.isRunning()) {
            checkLater();
        }
    }

    private static boolean isTooSlow(EndPoint client, long now) {
        return client.getConnection() instanceof LimitedConnection connection && connection.isHeadSlow(now)
                || client instanceof MeasuredEndPoint socket && socket.isReaderSlow(now);
    }
}
