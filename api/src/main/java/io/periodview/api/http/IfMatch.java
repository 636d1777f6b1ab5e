package io.periodview.api.http;

import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** The header {@code If-Match} (RFC 9110, 13.1.1). */
final class IfMatch {

    private IfMatch() {}

    /**
     * Refuses an answer for which it does not hold. It compares strongly, and our entity tags are weak: only {@code *}
     * matches.
     *
     * @param headers all the request's {@code If-Match} headers, or null if there are none
     */
    static void require(@Nullable Enumeration<String> headers) {
        if (headers != null && headers.hasMoreElements()) {
            for (String header : Collections.list(headers)) {
                if (header.strip().equals("*")) {
                    return;
                }
            }
            throw ApiError.preconditionFailed(
                    "If-Match holds for no entity tag of this API, as they are weak. Use If-None-Match.");
        }
    }
}
