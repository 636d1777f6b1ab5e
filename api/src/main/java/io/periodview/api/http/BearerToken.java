package io.periodview.api.http;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API key of a request (RFC 6750, 2.1). Never logged. */
final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /** @param headers all the request's {@code Authorization} headers, or null if there are none */
    static String of(@Nullable Enumeration<String> headers) {
        List<String> given = headers == null ? List.of() : Collections.list(headers);
        if (given.isEmpty()) {
            throw ApiError.unauthorized("An API key is needed: Authorization: Bearer <api key>.");
        }
        String header = given.get(0);
        if (given.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ApiError.unauthorized("The Authorization header is not one of the form: Bearer <api key>.");
        }
        return header.substring(SCHEME.length()).strip();
    }
}
