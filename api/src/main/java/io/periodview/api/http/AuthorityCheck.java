package io.periodview.api.http;

import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a request whose target names another server than its {@code Host} does (RFC 9112, 3.2.2): what stands between may
 * have gone by the one, and we by the other.
 */
final class AuthorityCheck implements HttpConfiguration.Customizer {

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host != null
                && !HttpMethod.CONNECT.is(request.getMethod())
                && !isSame(request.getHttpURI(), new HostPort(host))) {
            throw new BadMessageException("The target and the Host header differ");
        }
        return request;
    }

    /** Without an authority in the target, Jetty has put that of the header into the URI. */
    private static boolean isSame(HttpURI target, HostPort host) {
        @Nullable String name = target.getHost();
        int usual = HttpScheme.getDefaultPort(target.getScheme());
        return name == null
                || name.equalsIgnoreCase(host.getHost())
                        && (target.getPort() > 0 ? target.getPort() : usual) == host.getPort(usual);
    }
}
