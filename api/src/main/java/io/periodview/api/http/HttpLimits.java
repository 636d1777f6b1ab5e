package io.periodview.api.http;

import java.time.Duration;

/**
 * What the connections of one port may take, so that clients without an API key cannot fill the heap. Whatever a client
 * sends, its connections hold a sixteenth of the heap at most, unless that is too little for 256 of them.
 *
 * @param connections open at the same time
 * @param pooledBytes of buffers that the server keeps for reuse, on the heap and as many outside of it
 * @param headTimeout from a head's first byte to its last
 * @param slowReaderTimeout how long a client may read more slowly than {@link #MIN_BYTES_PER_SECOND}
 */
record HttpLimits(int connections, long pooledBytes, Duration headTimeout, Duration slowReaderTimeout) {

    /** A query has room for about 15 KB; what is longer is refused with 414 or 431. */
    static final int HEAD_BYTES = 16 << 10;

    /** Each header costs about a hundred bytes beside its text, so many empty ones would take more than a long one. */
    static final int HEADERS = 128;

    /** Without a byte in either direction that somebody waits for. */
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    /** Bytes a second of a request's body, or of an answer as its reader takes it: what the slowest mobile networks manage. */
    static final int MIN_BYTES_PER_SECOND = 4 << 10;

    /**
     * What a connection can hold: the text of an unfinished head once in the parser, in buffers that double, and once
     * in the request; its headers; the input buffer; and the server's own objects.
     */
    static final int BYTES_PER_CONNECTION = 96 << 10;

    private static final int MIN_CONNECTIONS = 256;
    private static final int MAX_CONNECTIONS = 8_192;

    static HttpLimits ofThisProcess() {
        return ofHeap(Runtime.getRuntime().maxMemory());
    }

    static HttpLimits ofHeap(long heap) {
        long connections = heap / 16 / BYTES_PER_CONNECTION;
        return new HttpLimits(
                (int) Math.max(MIN_CONNECTIONS, Math.min(connections, MAX_CONNECTIONS)),
                heap / 128,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30));
    }
}
