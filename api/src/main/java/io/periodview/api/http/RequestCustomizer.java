package io.periodview.api.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * What holds for every request of every port. A request has the method that it says, whatever other headers say: Javalin would
 * take another one from {@code X-HTTP-Method-Override}, and what stands in front of it would have checked the wrong one.
 * And no browser may guess what an answer is.
 */
final class RequestCustomizer implements HttpConfiguration.Customizer {

    static final String CONTENT_TYPE_OPTIONS = "X-Content-Type-Options";
    static final String NO_SNIFFING = "nosniff";
    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        responseHeaders.put(CONTENT_TYPE_OPTIONS, NO_SNIFFING);
        if (!request.getHeaders().contains(METHOD_OVERRIDE)) {
            return request;
        }
        HttpFields headers =
                HttpFields.build(request.getHeaders()).remove(METHOD_OVERRIDE).asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }
}
