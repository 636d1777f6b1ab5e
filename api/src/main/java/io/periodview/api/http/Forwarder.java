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
        String query = request.getQueryString();
        URI target = URI.create("http://" + host.host() + ":" + host.port() + escape(request.getRequestURI())
                + (query == null ? "" : "?" + escape(query)));
        HttpRequest.Builder forwarded =
                HttpRequest.newBuilder(target).timeout(ANSWER_PATIENCE).header(MARK, "1");
        for (String name : SENT_ON) {
            String value = request.getHeader(name);
            if (value != null) {
                forwarded.header(name, value);
            }
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

    /** What readers send unescaped although they should not, such as {@code form_fields=["a"]}, and other clients refuse. */
    static String escape(String part) {
        StringBuilder escaped = new StringBuilder(part.length());
        byte[] bytes = part.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean isEscape = c == '%' && isHex(bytes, i + 1) && isHex(bytes, i + 2);
            if (isEscape || isAllowed(c)) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isHex(byte[] bytes, int at) {
        return at < bytes.length && HexFormat.isHexDigit(bytes[at]);
    }

    private static boolean isAllowed(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "-._~/?=&+,;:@!$'()*".indexOf(c) >= 0;
    }
}
