package io.periodview.api.http;

import io.javalin.http.Context;
import io.periodview.api.routing.ForwardedResponse;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.query.ReadOptions;
import io.periodview.streams.response.NoBufferSpaceException;
import io.periodview.streams.response.ResponseBody;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one request's response: status, headers, body. Not thread-safe. */
final class ResponseWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    /** Below this a body fits into a packet or two, and compressing it gains nothing. */
    private static final int MIN_GZIP_BYTES = 1_024;

    private final Context ctx;
    private final HttpServletResponse response;

    ResponseWriter(Context ctx) {
        this.ctx = ctx;
        this.response = ctx.res();
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Vary", "Authorization, Accept-Encoding");
    }

    /**
     * Closes the result.
     *
     * @throws ApiError if there is no answer in it
     */
    void write(QueryResult result, ReadOptions options) throws IOException {
        if (result instanceof QueryResult.Found found) {
            try (ResponseBody body = found.body()) {
                IfMatch.require(ctx.req().getHeaders(ViewHeaders.IF_MATCH));
                ViewHeaders.write(found.source(), response::setHeader);
                if (found.version() != null) {
                    setETag(found.version());
                }
                if (options.isAnyKnown()) {
                    notModified();
                } else {
                    AccessLog.rows(ctx, body.rows());
                    send(body);
                }
            }
        } else if (result instanceof QueryResult.NotModified same) {
            IfMatch.require(ctx.req().getHeaders(ViewHeaders.IF_MATCH));
            ViewHeaders.write(same.source(), response::setHeader);
            setETag(same.version());
            notModified();
        } else if (result instanceof QueryResult.NotFound none) {
            throw ApiError.notFound("Period not found", ViewHeaders.of(none.source()));
        } else if (result instanceof QueryResult.NotReady notReady) {
            throw ApiError.unavailable(notReady.why(), Map.of(ViewHeaders.SOURCE, "owner"));
        } else {
            throw ApiError.misdirected();
        }
    }

    /** What another instance answered. Closes it. */
    void write(ForwardedResponse forwarded) throws IOException {
        try (forwarded) {
            response.setStatus(forwarded.status());
            forwarded.copyHeaders(response::setHeader);
            if (forwarded.status() != 304) {
                forwarded.headers().firstValueAsLong("Content-Length").ifPresent(response::setContentLengthLong);
                write(forwarded.body());
            }
        }
    }

    /** Weak, since a compressed body has the same. */
    private void setETag(String version) {
        response.setHeader("ETag", "W/\"" + version + "\"");
    }

    private void notModified() {
        response.setContentType("application/json"); // else it would be the server's default
        response.setStatus(304);
        AnswerProof.addWithoutBody(ctx);
    }

    private void send(ResponseBody body) throws IOException {
        if (body.length() < MIN_GZIP_BYTES
                || !AcceptEncoding.isGzipWanted(ctx.req().getHeaders("Accept-Encoding"))) {
            send(body, false);
            return;
        }
        try (ResponseBody gzipped = gzipped(body)) {
            send(gzipped, true);
        }
    }

    private static ResponseBody gzipped(ResponseBody body) {
        try {
            return body.gzipped();
        } catch (IOException e) {
            if (e instanceof NoBufferSpaceException space && space.isLimit()) {
                throw ApiError.unavailable("There is no room for the response: too many large ones are being sent.");
            }
            LOG.error("A response could not be compressed: is there room for temporary files?", e);
            throw ApiError.unavailable("The response could not be buffered.");
        }
    }

    private void send(ResponseBody body, boolean gzipped) throws IOException {
        response.setStatus(200);
        response.setContentType("application/json");
        if (gzipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLengthLong(body.length());
        AnswerProof.add(ctx, body);
        write(body);
    }

    private void write(ResponseBody body) throws IOException {
        if (!ctx.req().getMethod().equals("HEAD")) {
            body.writeTo(response.getOutputStream());
        }
    }
}
