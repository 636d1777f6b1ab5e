package io.periodview.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A way to an instance that can be cut or frozen: a proxy that passes on all bytes, in both directions, until then. */
final class Relay implements AutoCloseable {

    private static final long[] NEVER = {Long.MAX_VALUE};

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong untilFrozen = new AtomicLong(Long.MAX_VALUE);
    private volatile int target;
    private volatile long[] limits = NEVER;

    Relay() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    /** Sets where it leads, and returns its own port. */
    int to(int port) {
        target = port;
        return server.getLocalPort();
    }

    /**
     * Cuts all connections, and from now on each new one when so many bytes have come back on it: the first of these
     * numbers on the first of them, the next on the next, and from the start again.
     */
    void cutAfter(long... bytes) {
        limits = bytes.clone();
        connections.set(0);
        cut();
    }

    /** How many connections there were since {@link #cutAfter}. */
    int connections() {
        return connections.get();
    }

    /** When that many bytes have passed, nothing more comes on any connection, and none is cut. */
    void freezeAfter(long bytes) {
        untilFrozen.set(bytes);
    }

    void heal() {
        limits = NEVER;
        synchronized (untilFrozen) {
            untilFrozen.set(Long.MAX_VALUE);
            untilFrozen.notifyAll();
        }
    }

    private void awaitThaw() throws InterruptedIOException {
        synchronized (untilFrozen) {
            while (untilFrozen.get() <= 0) {
                try {
                    untilFrozen.wait();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        }
    }

    private void cut() {
        open.forEach(Relay::close);
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket reader = server.accept();
                Socket instance = new Socket();
                open.add(reader);
                open.add(instance);
                long[] now = limits;
                long limit = now[connections.getAndIncrement() % now.length];
                try {
                    instance.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                } catch (IOException e) {
                    close(reader);
                    continue;
                }
                start("ask", () -> pass(reader, instance, Long.MAX_VALUE));
                start("answer", () -> pass(instance, reader, limit));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, long limit) {
        byte[] buffer = new byte[8_192];
        long left = limit;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                untilFrozen.addAndGet(-read);
                awaitThaw();
                out.write(buffer, 0, read);
                left -= read;
            }
        } catch (IOException e) {
            // one side has gone, so the other goes
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
