package io.periodview.api.routing;

import io.periodview.streams.response.ResponseBody;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.function.BiConsumer;

/** What another instance answered, complete. To be closed. */
public record ForwardedResponse(int status, HttpHeaders headers, ResponseBody body) implements AutoCloseable {

    /** The headers that a client gets; each is proven ({@link ResponseProof}). */
    static final List<String> PASSED_BACK = List.of(
            "Content-Type",
            "Content-Encoding",
            "Cache-Control",
            "ETag",
            "Vary",
            ViewHeaders.LAG,
            ViewHeaders.POSITION,
            ViewHeaders.SOURCE,
            "WWW-Authenticate",
            "Retry-After");

    /** The headers that the client gets. */
    public void copyHeaders(BiConsumer<String, String> header) {
        for (String name : PASSED_BACK) {
            headers.firstValue(name).ifPresent(value -> header.accept(name, value));
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
