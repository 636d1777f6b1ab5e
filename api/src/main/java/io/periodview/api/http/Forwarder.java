package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another instance what a reader asked this one: the reader's own request, its key included, so that the other
 * checks it itself; marked, so that it is never sent on twice. Thread-safe.
 */
final class Forwarder {

    /** Marks a request that was sent on. */
    static final String MARK = "View-Forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(30);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What a query may have beside letters, digits and percent-encoded bytes (RFC 3986, 3.4). */
    private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

    private static final List<String> SENT_ON = List.of("Authorization", "Accept-Encoding");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * The other's answer, of which the head is there and the body comes.
     *
     * @throws ApiError if the other cannot be reached or does not hold the team's data any more
     */
    HttpResponse<InputStream> ask(HostInfo host, HttpServletRequest request) throws InterruptedException {
        HttpRequest.Builder forwarded = HttpRequest.newBuilder(target(host, request))
                .method(request.getMethod(), HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER_PATIENCE)
                .header(MARK, "1");
        for (String name : SENT_ON) {
            Collections.list(request.getHeaders(name)).forEach(value -> forwarded.header(name, value));
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(forwarded.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 421) {
                response.body().close();
                throw ApiError.unavailable("The team's partition is being moved.");
            }
            return response;
        } catch (ConnectException | HttpConnectTimeoutException e) {
            LOG.debug("{} does not answer", host, e);
            throw ApiError.unavailable("The instance that holds the team's data does not answer.");
        } catch (IOException e) {
            LOG.warn("{} broke off: {}", host, e.toString());
            throw ApiError.unavailable("The instance that holds the team's data broke off.");
        }
    }

    private static URI target(HostInfo host, HttpServletRequest request) {
        String name = host.host().indexOf(':') < 0 ? host.host() : '[' + host.host() + ']'; // IPv6
        String query = request.getQueryString();
        return URI.create("http://" + name + ":" + host.port() + request.getRequestURI()
                + (query == null ? "" : "?" + sendable(query)));
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
