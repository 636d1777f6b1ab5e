package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An answer that is an error: thrown where it is found, written in one place. */
final class ApiError extends RuntimeException {

    static final int RETRY_AFTER_SECONDS = 1;

    private static final List<String> READING = List.of("GET", "HEAD");

    private final int status;
    private final String message;
    private final transient Map<String, String> headers;

    private ApiError(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.message = message;
        this.headers = headers;
    }

    static ApiError badRequest(String message) {
        return new ApiError(400, message, Map.of());
    }

    static ApiError unauthorized(String message) {
        return new ApiError(401, message, Map.of("WWW-Authenticate", "Bearer"));
    }

    static ApiError forbidden(String message) {
        return new ApiError(403, message, Map.of());
    }

    static ApiError unsupportedMediaType(String message) {
        return new ApiError(415, message, Map.of());
    }

    static ApiError notFound(String message) {
        return new ApiError(404, message, Map.of());
    }

    /** @param headers that say whose answer it is */
    static ApiError notFound(String message, Map<String, String> headers) {
        return new ApiError(404, message, headers);
    }

    /** @param allowed the methods that the path takes */
    static ApiError methodNotAllowed(Collection<String> allowed) {
        boolean readOnly = allowed.stream().allMatch(READING::contains);
        return new ApiError(
                405,
                readOnly
                        ? "This resource can only be read: GET or HEAD."
                        : "This resource takes " + String.join(", ", allowed) + ".",
                Map.of("Allow", String.join(", ", readOnly ? READING : allowed)));
    }

    static ApiError preconditionFailed(String message) {
        return new ApiError(412, message, Map.of());
    }

    static ApiError uriTooLong(String message) {
        return new ApiError(414, message, Map.of());
    }

    /** The request was forwarded to an instance that does not host the team's partition. */
    static ApiError misdirected() {
        return new ApiError(421, "The team's data is not on this instance.", Map.of());
    }

    static ApiError unavailable(String message) {
        return new ApiError(503, message, Map.of("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
    }

    /** @param headers that say who is it that cannot */
    static ApiError unavailable(String message, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(unavailable(message).headers);
        return new ApiError(503, message, all);
    }

    /** It is not the reader's fault, and the log says more. */
    static ApiError failed() {
        return new ApiError(500, "The service failed.", Map.of());
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    String body() {
        return body(message);
    }

    static String body(String message) {
        return "{\"message\":" + Json.quote(message) + "}";
    }

    static byte[] bytes(String message) {
        return body(message).getBytes(UTF_8);
    }
}
