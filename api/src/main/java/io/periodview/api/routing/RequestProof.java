package io.periodview.api.routing;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proof that an instance forwards a request: {@code <milliseconds> <nonce> <HMAC>} in a header. It holds for one
 * receiver, one request and half a minute.
 *
 * @param hmac also ties the answer to this request: see {@link ResponseProof}
 */
record RequestProof(long timestamp, String nonce, String hmac) {

    /** How far the clocks of two instances may be apart, transfer included. */
    static final long MAX_AGE_MILLIS = 30_000;

    /** Headers of a client that decide what is answered: they reach the other instance as they are, or not at all. */
    static final List<String> COVERED_HEADERS = List.of(
            "Accept-Encoding",
            ViewHeaders.IF_MATCH,
            ViewHeaders.IF_NONE_MATCH,
            ViewHeaders.AT_LEAST,
            ViewHeaders.SOURCE,
            ViewHeaders.PREFER,
            ViewHeaders.FORWARDED,
            ViewHeaders.FORWARDED_TEAM);

    private static final Pattern HEADER = Pattern.compile("(\\d{1,18}) ([0-9a-f]{32}) ([0-9a-f]{64})");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    /** All the values of a header, by its name. */
    interface Headers {
        List<String> all(String name);
    }

    /**
     * What is proven about a request.
     *
     * @param receiver {@code host:port} that the receiver gives to others, so that nobody can pass the request on
     * @param target path and query as they are sent
     */
    record Content(String receiver, String method, String target, Headers headers) {}

    static RequestProof of(InstanceSecret secret, Content content) {
        byte[] random = new byte[NONCE_BYTES];
        RANDOM.nextBytes(random);
        long now = System.currentTimeMillis();
        String nonce = HexFormat.of().formatHex(random);
        return new RequestProof(now, nonce, hmac(secret, content, now, nonce));
    }

    /** Reads the header, or null if it is not of this form. */
    static @Nullable RequestProof parse(String header) {
        Matcher matcher = HEADER.matcher(header);
        return matcher.matches()
                ? new RequestProof(Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3))
                : null;
    }

    boolean isOf(InstanceSecret secret, Content content) {
        return InstanceSecret.isSame(hmac(secret, content, timestamp, nonce), hmac);
    }

    boolean isCurrent(long nowMillis) {
        return Math.abs(nowMillis - timestamp) <= MAX_AGE_MILLIS;
    }

    String header() {
        return timestamp + " " + nonce + " " + hmac;
    }

    private static String hmac(InstanceSecret secret, Content content, long timestamp, String nonce) {
        List<String> parts = new ArrayList<>(
                List.of("request", Long.toString(timestamp), nonce, content.receiver, content.method, content.target));
        for (String name : COVERED_HEADERS) {
            List<String> values = content.headers.all(name);
            parts.add(name);
            parts.add(Integer.toString(values.size()));
            values.forEach(value -> parts.add(asSent(value)));
        }
        return secret.hmac(parts);
    }

    /** The HTTP client sends ASCII, and the server strips blanks. */
    private static String asSent(String value) {
        return value.strip()
                .chars()
                .collect(StringBuilder::new, RequestProof::append, StringBuilder::append)
                .toString();
    }

    private static void append(StringBuilder sent, int c) {
        sent.append(c < 0x80 ? (char) c : '?');
    }
}
