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
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another instance what a client asked this one. In place of the client's key, which was checked here, the request has
 * the team and a proof of it; so whoever else answers at that address learns no key. A response that does not prove that it
 * comes from an instance of the service is none. It is buffered before any of it is passed on, so that the next instance can
 * be asked when this one breaks off. Thread-safe.
 */
final class Forwarder {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What a query may have beside letters, digits and percent-encoded bytes (RFC 3986, 3.4). */
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

    /** The first line without its target, and the headers that this instance and its HTTP client add. */
    private static final int OTHER_HEADERS = 1_024;

    private static final List<String> FORWARDED = List.of(
            "Accept-Encoding",
            ViewHeaders.IF_MATCH,
            ViewHeaders.IF_NONE_MATCH,
            ViewHeaders.AT_LEAST,
            ViewHeaders.SOURCE);

    private final PeerClient peers;
    private final InstanceSecret secret;
    private final HttpMetrics metrics;

    /** Where something that is no instance answered, and the log has said so. */
    private final Set<HostInfo> strangers = ConcurrentHashMap.newKeySet();

    Forwarder(PeerClient peers, InstanceSecret secret, HttpMetrics metrics) {
        this.peers = peers;
        this.secret = secret;
        this.metrics = metrics;
    }

    /**
     * What a client has asked, as far as another instance needs it.
     *
     * @param team that its key belongs to
     */
    record Asked(HttpServletRequest request, long team) {}

    /**
     * The other's response, or null if there is none: it cannot be reached, is unresponsive, breaks off, does not host
     * the team's partition (421), stops or starts (503), or does not prove that it is one of ours.
     *
     * @param wait how long the other may wait for a position
     * @throws NoBufferSpaceException if this instance cannot buffer it
     */
    @Nullable
    ForwardedResponse ask(HostInfo host, Role as, Asked asked, Duration wait, BufferPool buffers)
            throws InterruptedException, NoBufferSpaceException {
        ForwardedResponse response = send(host, as, asked, wait, buffers);
        metrics.forwarded(as == Role.OWNER, response != null);
        return response;
    }

    private @Nullable ForwardedResponse send(HostInfo host, Role as, Asked asked, Duration wait, BufferPool buffers)
            throws InterruptedException, NoBufferSpaceException {
        if (peers.isUnresponsive(host)) {
            return null;
        }
        HttpRequest unproven = unproven(host, as, asked, wait);
        RequestProof proof = RequestProof.of(
                secret,
                new RequestProof.Content(
                        ForwardedRequests.address(host),
                        unproven.method(),
                        ForwardedRequests.target(
                                unproven.uri().getRawPath(), unproven.uri().getRawQuery()),
                        unproven.headers()::allValues));
        HttpRequest forwarded = HttpRequest.newBuilder(unproven, (name, value) -> true)
                .header(ViewHeaders.FORWARDED_TO, ForwardedRequests.address(host))
                .header(ViewHeaders.FORWARDED_PROOF, proof.header())
                .build();
        try {
            HttpResponse<InputStream> response =
                    peers.send(host, forwarded, HttpResponse.BodyHandlers.ofInputStream(), RESPONSE_TIMEOUT.plus(wait));
            try (InputStream body = response.body()) {
                if (!isProven(host, response, new ResponseProof(secret, proof.hmac())) || !isAnswer(response)) {
                    return null;
                }
                return buffer(host, response, body, asked.request, buffers);
            }
        } catch (NoBufferSpaceException e) {
            if (!e.isLimit()) {
                LOG.error(
                        "The response of {} could not be buffered: is there room for temporary files?",
                        PeerClient.address(host),
                        e);
            }
            throw e;
        } catch (IOException e) {
            LOG.debug("{} does not answer", PeerClient.address(host), e);
            return null;
        }
    }

    private static HttpRequest unproven(HostInfo host, Role as, Asked asked, Duration wait) {
        HttpRequest.Builder unproven = HttpRequest.newBuilder(target(host, asked.request))
                .method(asked.request.getMethod(), HttpRequest.BodyPublishers.noBody())
                .header(ViewHeaders.FORWARDED, ViewHeaders.value(as))
                .header(ViewHeaders.FORWARDED_TEAM, Long.toString(asked.team))
                .header(ViewHeaders.PREFER, "wait=" + (wait.toMillis() + 999) / 1000);
        for (String name : FORWARDED) {
            Collections.list(asked.request.getHeaders(name)).forEach(value -> unproven.header(name, value));
        }
        return unproven.build();
    }

    private boolean isProven(HostInfo host, HttpResponse<?> response, ResponseProof proof) {
        if (proof.isHeadProven(
                response.statusCode(),
                name -> response.headers().firstValue(name).orElse(null))) {
            if (strangers.remove(host)) {
                LOG.info("An instance with the same secret answers at {} again", PeerClient.address(host));
            }
            return true;
        }
        if (strangers.add(host)) {
            LOG.warn(
                    "What answers at {} (status {}) does not prove to be an instance of this service: it is not listened"
                            + " to. Something else may have its address, or its --instance-secret-file is another, or its"
                            + " clock is wrong, or it is an older version.",
                    PeerClient.address(host),
                    response.statusCode());
        }
        return false;
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
            MessageDigest sha256 = ResponseProof.sha256();
            StallDetector.copy(body, new DigestOutputStream(buffered.stream(), sha256), () -> peers.isAlive(host));
            long announced =
                    response.headers().firstValueAsLong("Content-Length").orElse(buffered.length());
            if (!request.getMethod().equals("HEAD") && response.statusCode() != 304 && announced != buffered.length()) {
                throw new IOException("Only " + buffered.length() + " of " + announced + " bytes came");
            }
            if (!ResponseProof.hex(sha256)
                    .equals(response.headers()
                            .firstValue(ViewHeaders.BODY_SHA256)
                            .orElse(""))) {
                throw new IOException("The body is not the one that the instance has sent");
            }
            done = true;
            return new ForwardedResponse(response.statusCode(), response.headers(), buffered);
        } finally {
            buffers.written();
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
