package io.periodview.api.routing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The proof that an instance of the service has answered a forwarded request: an HMAC over that request's own proof, the
 * status, all headers that a client gets, and the SHA-256 of the body. That hash is a header, so that the head can be
 * checked before any of the body is read. Thread-safe.
 */
public final class ResponseProof {

    private final InstanceSecret secret;
    private final String requestHmac;

    ResponseProof(InstanceSecret secret, String requestHmac) {
        this.secret = secret;
        this.requestHmac = requestHmac;
    }

    /**
     * @param header the value of a header of the response, null if it is not there
     * @param bodySha256 of the bytes that are sent, in hex
     */
    public String of(int status, Function<String, @Nullable String> header, String bodySha256) {
        List<String> parts = new ArrayList<>(List.of("response", requestHmac, Integer.toString(status), bodySha256));
        for (String name : ForwardedResponse.PASSED_BACK) {
            String value = header.apply(name);
            parts.add(name);
            parts.add(value == null ? "-" : "=" + value);
        }
        return secret.hmac(parts);
    }

    /** Whether the head of a response is that of an instance of the service, for this request. */
    boolean isHeadProven(int status, Function<String, @Nullable String> header) {
        String given = header.apply(ViewHeaders.PROOF);
        String body = header.apply(ViewHeaders.BODY_SHA256);
        return given != null && body != null && InstanceSecret.isSame(of(status, header, body), given);
    }

    /** SHA-256, which every Java has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
