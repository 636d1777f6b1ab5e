package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.SelectorManager;

/**
 * Turns away the connections beyond a limit with a 503. Jetty's own limit stops accepting instead, so that clients
 * would wait in the kernel's queue until the others are gone. Thread-safe.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener {

    private static final String BODY = ApiError.body("This instance has too many connections.");
    private static final byte[] REFUSAL = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
                    + "Retry-After: " + ApiError.RETRY_AFTER_SECONDS + "\r\nConnection: close\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(US_ASCII);

    private static final double CROWDED = 0.9;

    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    ConnectionLimit(int max) {
        this.max = max;
    }

    int open() {
        return open.get();
    }

    /** Whether few more can be opened. */
    boolean isCrowded() {
        return open.get() > max * CROWDED;
    }

    /** How many were turned away so far. */
    long refused() {
        return refused.get();
    }

    /** Each is followed by either {@link #onAcceptFailed}, as it is if it has been closed, or {@link #onClosed}. */
    @Override
    public void onAccepting(SelectableChannel channel) {
        if (open.incrementAndGet() > max) {
            refused.incrementAndGet();
            refuse((SocketChannel) channel);
        }
    }

    /** A new connection's send buffer takes a few hundred bytes without waiting. What the client has sent is not read. */
    private static void refuse(SocketChannel channel) {
        try (channel) {
            channel.write(ByteBuffer.wrap(REFUSAL));
            channel.shutdownOutput();
        } catch (IOException e) {
            // It has gone, or does not get to know why.
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        open.decrementAndGet();
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        open.decrementAndGet();
    }
}
