package io.periodview.api.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the operators' port is, and who may use it.
 *
 * @param bind the address that it listens on
 * @param port 0 for any free one
 * @param hosts names by which it may be asked, beside addresses, {@code localhost} and names without a dot
 * @param token what requests must have as a bearer token, those for health excepted; null if they need none
 */
public record AdminSettings(
        String bind, int port, Set<String> hosts, @Nullable String token) {

    /** Without a token. */
    public static AdminSettings of(String bind, int port) {
        return new AdminSettings(bind, port, Set.of(bind), null);
    }
}
