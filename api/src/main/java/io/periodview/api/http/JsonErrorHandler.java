package io.periodview.api.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Gives a JSON body to what the server refuses before a handler has seen the request: too long, malformed. */
final class JsonErrorHandler extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String reason = (String) request.getAttribute(ERROR_MESSAGE);
        if (request.getAttribute(ERROR_EXCEPTION) instanceof HttpException refused) {
            response.setStatus(refused.getCode());
            reason = refused.getReason();
        }
        if (response.getStatus() == HttpStatus.SERVICE_UNAVAILABLE_503) { // a server that is stopping
            response.getHeaders().put(HttpHeader.RETRY_AFTER, ApiError.RETRY_AFTER_SECONDS);
        }
        byte[] body = ApiError.bytes(message(response.getStatus(), reason));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.getHeaders().put(RequestCustomizer.CONTENT_TYPE_OPTIONS, RequestCustomizer.NO_SNIFFING);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    /** What is wrong with a request helps its sender; what is wrong with the server does not. */
    private static String message(int status, @Nullable String reason) {
        String name = HttpStatus.getMessage(status);
        return reason == null || status >= 500 || reason.equals(name) ? name : name + ": " + reason;
    }
}
