package io.periodview.api.routing;

import io.periodview.api.http.ApiError;
import io.periodview.api.http.ReadOptionsParser;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.api.metrics.HttpMeters;
import io.periodview.streams.response.ResponseBody;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.NoBufferSpaceException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another instance what a reader asked this one: the reader's own request, its key included, so that the other
 * checks it itself; marked, so that it is never sent on twice. Its answer is gathered before any of it is passed on, so
 * that the next instance can be asked when this one breaks off. Thread-safe.
 */
final class Forwarder {

    /** Marks a request that was sent on. */
    static final String MARK = "View-Forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What a query may have beside letters, digits and percent-encoded bytes (RFC 3986, 3.4). */
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

    private static final List<String> SENT_ON = List.of(
            "Authorization", "Accept-Encoding", ReadOptionsParser.IF_NONE_MATCH, ReadOptionsParser.AT_LEAST, ReadOptionsParser.SOURCE);

    /** As what the other is asked; the mark's value. */
    enum As {
        OWNER,
        STANDBY;

        String mark() {
            return name().toLowerCase(Locale.ROOT);
        }

        static @Nullable As of(@Nullable String mark) {
            if (mark == null) {
                return null;
            }
            return mark.equals(STANDBY.mark()) ? STANDBY : OWNER;
        }
    }

    /** The other's answer, all of it. To be closed. */
    record Reply(int status, HttpHeaders headers, ResponseBody body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private final PeerClient peers;
    private final BufferPool space;

    private final HttpMeters meters;

    Forwarder(PeerClient peers, BufferPool space, HttpMeters meters) {
        this.peers = peers;
        this.space = space;
        this.meters = meters;
    }

    /**
     * The other's answer, or null if there is none: it cannot be reached, is silent, breaks off, does not hold the
     * team's data (421), stops or starts (503), or is none of ours.
     *
     * @param wait how long the other may wait for a position
     */
    @Nullable
    Reply ask(HostInfo host, As as, HttpServletRequest request, Duration wait) throws InterruptedException {
        Reply reply = asked(host, as, request, wait);
        meters.forwarded(as == As.OWNER, reply != null);
        return reply;
    }

    private @Nullable Reply asked(HostInfo host, As as, HttpServletRequest request, Duration wait)
            throws InterruptedException {
        if (peers.isSilent(host)) {
            return null;
        }
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(target(host, request))
                .method(request.getMethod(), HttpRequest.BodyPublishers.noBody())
                .header(MARK, as.mark())
                .header(ReadOptionsParser.PREFER, "wait=" + (wait.toMillis() + 999) / 1000);
        for (String name : SENT_ON) {
            Collections.list(request.getHeaders(name)).forEach(value -> forwarded.header(name, value));
        }
        try {
            HttpResponse<InputStream> response = peers.send(
                    host, forwarded.build(), HttpResponse.BodyHandlers.ofInputStream(), RESPONSE_TIMEOUT.plus(wait));
            try (InputStream body = response.body()) {
                return isAnswer(response) ? gathered(host, response, body, request) : null;
            }
        } catch (NoBufferSpaceException e) {
            LOG.error(
                    "The answer of {} could not be gathered: is there room for temporary files?",
                    PeerClient.address(host),
                    e);
            throw ApiError.unavailable("The answer could not be gathered.");
        } catch (IOException e) {
            LOG.debug("{} does not answer", PeerClient.address(host), e);
            return null;
        }
    }

    /** Whoever answers about a team says as what; a 503 that does is final, such as an owner's that is not there yet. */
    private static boolean isAnswer(HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 200, 304, 404, 503 ->
                response.headers().firstValue(ReadOptionsParser.SOURCE).isPresent();
            case 421 -> false;
            default -> true;
        };
    }

    private Reply gathered(HostInfo host, HttpResponse<?> response, InputStream body, HttpServletRequest request)
            throws IOException {
        BufferedBody gathered = space.newAnswer();
        boolean done = false;
        try {
            StallDetector.copy(body, gathered.stream(), () -> peers.isAlive(host));
            long announced =
                    response.headers().firstValueAsLong("Content-Length").orElse(gathered.length());
            if (!request.getMethod().equals("HEAD") && response.statusCode() != 304 && announced != gathered.length()) {
                throw new IOException("Only " + gathered.length() + " of " + announced + " bytes came");
            }
            done = true;
            return new Reply(response.statusCode(), response.headers(), gathered);
        } finally {
            if (!done) {
                gathered.close();
            }
        }
    }

    private static URI target(HostInfo host, HttpServletRequest request) {
        String query = request.getQueryString();
        return URI.create(PeerClient.address(host) + request.getRequestURI() + (query == null ? "" : "?" + sendable(query)));
    }

    /** The same query in characters that a URI may have: readers send others, and servers take them. */
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
