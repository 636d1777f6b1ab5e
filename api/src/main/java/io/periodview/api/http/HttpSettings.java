package io.periodview.api.http;

import org.eclipse.jetty.server.HttpConfiguration;

/** How connections are set, of the API's server and of those that are measured beside it. */
public final class HttpSettings {

    /**
     * Bytes that are handed to the connection at once. With Jetty's 32 KiB, an answer of a thousand actions goes out in
     * fourteen pieces, each with its own round through the server. Each thread of the server keeps a direct buffer as large.
     */
    private static final int OUTPUT = 128 << 10;

    /** Jetty would collect what is smaller than a quarter of that in a buffer of that size. */
    private static final int COLLECTED = 4 << 10;

    private HttpSettings() {}

    public static void apply(HttpConfiguration http) {
        http.setRequestHeaderSize(HttpLimits.HEAD_BYTES);
        http.setSendServerVersion(false);
        http.addCustomizer(new RequestCustomizer());
        http.setOutputBufferSize(OUTPUT);
        http.setOutputAggregationSize(COLLECTED);
    }
}
