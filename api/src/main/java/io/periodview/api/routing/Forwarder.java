package io.periodview.api.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.api.metrics.HttpMetrics;
import io.periodview.streams.metrics.ServiceMetrics.Role;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.NoBufferSpaceException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another instance what a client asked this one: the client's own request, its key included, so that the other checks
 * it itself; marked, so that it is never forwarded twice. The response is buffered before any of it is passed on, so that
 * the next instance can be asked when this one breaks off. Thread-safe.
 */
final class Forwarder {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What a query may have beside letters, digits and percent-encoded bytes (RFC 3986, 3.4). */
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

    /** The first line without its target, and the headers that this instance and its HTTP client add. */
    private static final int OTHER_HEADERS = 512;

    private static final List<String> FORWARDED = List.of(
            "Authorization",
            "Accept-Encoding",
            ViewHeaders.IF_MATCH,
            ViewHeaders.IF_NONE_MATCH,
            ViewHeaders.AT_LEAST,
            ViewHeaders.SOURCE);

    private final PeerClient peers;
    private final HttpMetrics metrics;

    Forwarder(PeerClient peers, HttpMetrics metrics) {
        this.peers = peers;
        this.metrics = metrics;
    }

    /**
     * The other's response, or null if there is none: it cannot be reached, is unresponsive, breaks off, does not host
     * the team's partition (421), stops or starts (503), or is none of ours.
     *
     * @param wait how long the other may wait for a position
     * @throws NoBufferSpaceException if this instance cannot buffer it
     */
    @Nullable
    ForwardedResponse ask(HostInfo host, Role as, HttpServletRequest request, Duration wait, BufferPool buffers)
            throws InterruptedException, NoBufferSpaceException {
        ForwardedResponse response = send(host, as, request, wait, buffers);
        metrics.forwarded(as == Role.OWNER, response != null);
        return response;
    }

    private @Nullable ForwardedResponse send(
            HostInfo host, Role as, HttpServletRequest request, Duration wait, BufferPool buffers)
            throws InterruptedException, NoBufferSpaceException {
        if (peers.isUnresponsive(host)) {
            return null;
        }
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(target(host, request))
                .method(request.getMethod(), HttpRequest.BodyPublishers.noBody())
                .header(ViewHeaders.FORWARDED, ViewHeaders.value(as))
                .header(ViewHeaders.PREFER, "wait=" + (wait.toMillis() + 999) / 1000);
        for (String name : FORWARDED) {
            Collections.list(request.getHeaders(name)).forEach(value -> forwarded.header(name, value));
        }
        try {
            HttpResponse<InputStream> response = peers.send(
                    host, forwarded.build(), HttpResponse.BodyHandlers.ofInputStream(), RESPONSE_TIMEOUT.plus(wait));
            try (InputStream body = response.body()) {
                return isAnswer(response) ? buffer(host, response, body, request, buffers) : null;
            }
        } catch (NoBufferSpaceException e) {
            LOG.error(
                    "The response of {} could not be buffered: is there room for temporary files?",
                    PeerClient.address(host),
                    e);
            throw e;
        } catch (IOException e) {
            LOG.debug("{} does not answer", PeerClient.address(host), e);
            return null;
        }
    }

    /** Who answers about a team says as what; a 503 that does is final, such as an owner's that is not there yet. */
    private static boolean isAnswer(HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 200, 304, 404, 503 ->
                response.headers().firstValue(ViewHeaders.SOURCE).isPresent();
            case 421 -> false;
            default -> true;
        };
    }

    private ForwardedResponse buffer(
            HostInfo host, HttpResponse<?> response, InputStream body, HttpServletRequest request, BufferPool buffers)
            throws IOException {
        BufferedBody buffered = new BufferedBody(buffers);
        boolean done = false;
        try {
            StallDetector.copy(body, buffered.stream(), () -> peers.isAlive(host));
            long announced =
                    response.headers().firstValueAsLong("Content-Length").orElse(buffered.length());
            if (!request.getMethod().equals("HEAD") && response.statusCode() != 304 && announced != buffered.length()) {
                throw new IOException("Only " + buffered.length() + " of " + announced + " bytes came");
            }
            done = true;
            return new ForwardedResponse(response.statusCode(), response.headers(), buffered);
        } finally {
            if (!done) {
                buffered.close();
            }
        }
    }

    /**
     * About how many bytes a request's head has when it is forwarded: what may not stand in a URI takes three times as
     * much then, so a head that this instance has taken could be too long for the other.
     */
    static int forwardedHead(HttpServletRequest request) {
        String query = request.getQueryString();
        int length = OTHER_HEADERS
                + request.getRequestURI().length()
                + (query == null ? 0 : sendable(query).length());
        for (String name : FORWARDED) {
            for (String value : Collections.list(request.getHeaders(name))) {
                length += name.length() + value.length() + 4;
            }
        }
        return length;
    }

    private static URI target(HostInfo host, HttpServletRequest request) {
        String query = request.getQueryString();
        return URI.create(
                PeerClient.address(host) + request.getRequestURI() + (query == null ? "" : "?" + sendable(query)));
    }

    /** The same query in characters that a URI may have: clients send others, and servers take them. */
    static String sendable(String query) {
        StringBuilder sendable = new StringBuilder(query.length());
        byte[] bytes = query.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean escape = c == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2]);
            if (escape || (c < 0x80 && (Character.isLetterOrDigit(c) || LEGAL.indexOf(c) >= 0))) {
                sendable.append(c);
            } else {
                sendable.append('%').append(HEX.toHexDigits(bytes[i]));
            }
        }
        return sendable.toString();
    }

    private static boolean isHex(byte digit) {
        return HexFormat.isHexDigit(digit);
    }
}
