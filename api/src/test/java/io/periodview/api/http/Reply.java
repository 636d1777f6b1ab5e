package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.ReferenceView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * An answer as it came over the wire.
 *
 * @param headers by lower-case name
 * @param body as it was transferred, still compressed if it is
 */
record Reply(int status, Map<String, List<String>> headers, byte[] body) {

    /**
     * Reads one answer and nothing behind it.
     *
     * @param hasBody false for the answer to a HEAD
     * @throws EOFException if the connection ends before the answer does
     */
    static Reply read(InputStream in, boolean hasBody) throws IOException {
        String statusLine = line(in);
        if (!statusLine.matches("HTTP/1\\.1 [1-5][0-9][0-9]( .*)?")) {
            throw new IOException("No status line: " + statusLine);
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        Reply head = new Reply(Integer.parseInt(statusLine.substring(9, 12)), headers, new byte[0]);
        return hasBody ? new Reply(head.status, headers, body(head, in)) : head;
    }

    private static byte[] body(Reply head, InputStream in) throws IOException {
        if (head.header("transfer-encoding").isPresent()) {
            return chunks(in);
        }
        Optional<String> length = head.header("content-length");
        return length.isPresent() ? exactly(in, Integer.parseInt(length.get())) : in.readAllBytes();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(exactly(in, size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The answer ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The answer ends in its head: " + line.toString(ISO_8859_1));
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /** The value of a header that is there once at most. */
    Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        if (values.size() > 1) {
            throw new AssertionError(name + " is there " + values.size() + " times: " + values);
        }
        return values.stream().findFirst();
    }

    /** The body, decompressed if it was compressed. */
    byte[] content() {
        if (!header("content-encoding").orElse("").equals("gzip")) {
            return body;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("No gzip", e);
        }
    }

    String text() {
        return new String(content(), UTF_8);
    }

    JsonNode json() {
        return ReferenceView.parse(text());
    }

    /** What an error says. */
    String message() {
        return json().path("message").asText();
    }

    @Override
    public String toString() {
        return status + " " + headers + (body.length < 1_000 ? " " + text() : " and " + body.length + " bytes");
    }
}
