package io.periodview.api.http;

import java.time.Duration;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A connection that knows how long its client has been sending a head, and limits the head's headers. Jetty notices
 * only a client that sends nothing; with a byte now and then it would keep its place for ever.
 */
final class LimitedConnection extends HttpConnection {

    private static final long NONE = 0;

    /** When the head began that is not complete, or {@link #NONE}. */
    private volatile long headStart = NONE;

    LimitedConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    boolean isHeadSlow(long now, Duration timeout) {
        long start = headStart;
        return start != NONE && now - start > timeout.toNanos();
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new LimitedHead();
    }

    private final class LimitedHead extends RequestHandler {

        private int headers;

        @Override
        public void messageBegin() {
            headStart = System.nanoTime() | 1; // never NONE
            headers = 0;
            super.messageBegin();
        }

        /** Jetty would have the client upgrade to HTTP/2, which it could not. */
        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            if (version.compareTo(HttpVersion.HTTP_1_1) > 0) { // before there is a request, which would be answered so
                throw new HttpException.RuntimeException(
                        HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505, "Only HTTP/1 is spoken here");
            }
            super.startRequest(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            headers++;
            if (headers > HttpLimits.HEADERS) {
                throw new BadMessageException(
                        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "More than " + HttpLimits.HEADERS + " headers");
            }
            super.parsedHeader(field);
        }

        @Override
        public boolean headerComplete() {
            headStart = NONE;
            return super.headerComplete();
        }
    }
}
