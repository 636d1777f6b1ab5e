package io.periodview.api.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;

/** A port whose connections are limited in number, memory and time. Thread-safe. */
final class HttpPort {

    private static final int MIN_THREADS = 8;
    private static final int ACCEPTORS = 1;
    private static final int DEFAULT = -1;

    /**
     * Of the kernel, for each connection. Left to itself it takes megabytes, and asks for more only when a third of
     * them is read: a slow reader would look like one that does not read.
     */
    private static final int SEND_BUFFER = 128 << 10;

    private final String name;
    private final String bind;
    private final int port;
    private final int threads;
    private final HttpLimits limits;
    private final ConnectionLimit connections;
    private final AtomicLong cutOff = new AtomicLong();

    /**
     * @param name of its threads
     * @param port 0 for any free one
     * @param threads at most
     */
    HttpPort(String name, String bind, int port, int threads, HttpLimits limits) {
        this.name = name;
        this.bind = bind;
        this.port = port;
        this.threads = threads;
        this.limits = limits;
        this.connections = new ConnectionLimit(limits.connections());
    }

    ThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool(threads, MIN_THREADS);
        pool.setName(name);
        return pool;
    }

    ServerConnector connector(Server server, HttpConfiguration http) {
        ArrayByteBufferPool buffers = new ArrayByteBufferPool(
                DEFAULT, DEFAULT, DEFAULT, Integer.MAX_VALUE, limits.pooledBytes(), limits.pooledBytes());
        ServerConnector connector =
                new ServerConnector(server, null, null, buffers, ACCEPTORS, DEFAULT, new Connections(http)) {
                    @Override
                    protected SocketChannelEndPoint newEndPoint(
                            SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                        MeasuredEndPoint client = new MeasuredEndPoint(channel, selector, key, getScheduler(), limits);
                        client.setIdleTimeout(getIdleTimeout());
                        return client;
                    }
                };
        connector.setHost(bind);
        connector.setPort(port);
        connector.setIdleTimeout(HttpLimits.IDLE_TIMEOUT.toMillis());
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        connector.addBean(connections);
        connector.addBean(new SlowClients(connector, connections, limits.headTimeout(), cutOff));
        return connector;
    }

    /** Connections now. */
    int open() {
        return connections.open();
    }

    /** Connections that were turned away so far, as there were too many. */
    long refused() {
        return connections.refused();
    }

    /** Connections that were closed so far, as their clients were too slow. */
    long cutOff() {
        return cutOff.get();
    }

    private static final class Connections extends HttpConnectionFactory {

        Connections(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            LimitedConnection connection = new LimitedConnection(getHttpConfiguration(), connector, endPoint);
            connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
            return configure(connection, connector, endPoint);
        }
    }
}
