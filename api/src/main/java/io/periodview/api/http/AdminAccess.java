package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps others than operators from the operators' port. An operator's own browser is one of those others: any page that it
 * shows can send requests to this port (CSRF), and can have its own name lead to this port's address, to read the answers
 * (DNS rebinding). Health is for anybody: probes have neither a token nor a fitting {@code Host}. Thread-safe.
 */
final class AdminAccess {

    private static final String HEALTH = "/health/";
    private static final String JSON = "application/json";
    private static final Set<String> CHANGING = Set.of("PUT", "POST");
    private static final Pattern ADDRESS =
            Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|\\[?[0-9a-f.]*:[0-9a-f:.]*]?(%.*)?");

    private final Set<String> hosts;
    private final byte @Nullable [] token;

    AdminAccess(AdminSettings settings) {
        this.hosts = settings.hosts().stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.token = settings.token() == null ? null : settings.token().getBytes(UTF_8);
    }

    /** @throws ApiError if the request is refused */
    void check(Context ctx) {
        boolean changing = CHANGING.contains(ctx.req().getMethod());
        if (!changing && ctx.path().startsWith(HEALTH)) {
            return;
        }
        if (token == null) {
            refuseForeign(ctx);
        } else if (!MessageDigest.isEqual(
                BearerToken.of(ctx.req().getHeaders("Authorization")).getBytes(UTF_8), token)) {
            throw ApiError.unauthorized("The token is not that of --admin-token-file.");
        }
        if (changing && !isJson(ctx.req().getContentType())) {
            throw ApiError.unsupportedMediaType("The body is to be of Content-Type " + JSON + ".");
        }
    }

    /** A page of another site cannot know the token, so this is asked only where there is none. */
    private void refuseForeign(Context ctx) {
        if (!isOwnName(ctx.req().getServerName().toLowerCase(Locale.ROOT))) {
            throw ApiError.forbidden(
                    "This port is not asked by that name (Host): use its address, or set" + " --admin-token-file.");
        }
        String host = ctx.header("Host");
        for (String origin : all(ctx, "Origin")) {
            if (!origin.equalsIgnoreCase("http://" + host) && !origin.equalsIgnoreCase("https://" + host)) {
                throw ApiError.forbidden("Pages of other sites (Origin) may not use this port.");
            }
        }
    }

    /** Nobody else can register a name without a dot, such as a container's. */
    private boolean isOwnName(String name) {
        return name.indexOf('.') < 0 || ADDRESS.matcher(name).matches() || hosts.contains(name);
    }

    private static List<String> all(Context ctx, String header) {
        return Collections.list(ctx.req().getHeaders(header));
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase(JSON);
    }
}
