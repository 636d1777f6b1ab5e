package io.periodview.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A socket that knows how fast its client reads. Jetty notices only one that does not read at all; one that takes a
 * byte now and then would hold its answer and a thread for ever.
 */
final class MeasuredEndPoint extends SocketChannelEndPoint {

    private final long timeoutNanos;
    private final AtomicLong sent = new AtomicLong();

    /** Whether something waited for the client when it was looked at last; since when, and what it had been sent then. */
    private boolean measuring;

    private long since;
    private long sentBefore;

    MeasuredEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler, HttpLimits limits) {
        super(channel, selector, key, scheduler);
        this.timeoutNanos = limits.slowReaderTimeout().toNanos();
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long before = remaining(buffers);
        try {
            return super.flush(buffers);
        } finally {
            sent.addAndGet(before - remaining(buffers));
        }
    }

    private static long remaining(ByteBuffer... buffers) {
        long remaining = 0;
        for (ByteBuffer buffer : buffers) {
            remaining += buffer.remaining();
        }
        return remaining;
    }

    /** Whether the client has taken too little for too long. To be asked again and again, by one thread at a time. */
    boolean isReaderSlow(long now) {
        if (!getWriteFlusher().isPending()) {
            measuring = false;
            return false;
        }
        long total = sent.get();
        long nanos = now - since;
        if (measuring && nanos < timeoutNanos) {
            return false;
        }
        boolean slow = measuring
                && total - sentBefore < TimeUnit.NANOSECONDS.toMillis(nanos) * HttpLimits.MIN_BYTES_PER_SECOND / 1_000;
        measuring = true;
        since = now;
        sentBefore = total;
        return slow;
    }
}
