package io.periodview.bench.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** One kept connection; knows just enough of HTTP/1.1 to cost next to nothing. Not thread-safe. */
public final class Connection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private String etag = "";
    private byte[] body = new byte[1 << 16];

    /** @param length of the body, which stands in {@link #body} */
    public record Reply(int status, int length) {}

    public Connection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /** @param headers each with its line end */
    public static byte[] request(String path, String headers) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n").getBytes(ISO_8859_1);
    }

    /** The version of the answer. */
    String etag(byte[] request) throws IOException {
        ask(request);
        return etag;
    }

    public Reply ask(byte[] request) throws IOException {
        out.write(request);
        String line = line();
        int status = Integer.parseInt(line.substring(9, 12));
        int length = 0;
        for (line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            } else if (line.regionMatches(true, 0, "etag:", 0, 5)) {
                etag = line.substring(5).trim();
            } else if (line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:")) {
                throw new IOException("An answer without a length: " + line);
            }
        }
        if (status == 304) {
            return new Reply(status, 0);
        }
        if (body.length < length) {
            body = new byte[length];
        }
        int read = in.readNBytes(body, 0, length);
        if (read < length) {
            throw new EOFException("Only " + read + " of " + length + " bytes came");
        }
        return new Reply(status, length);
    }

    /** The last answer's, from 0 to its length. */
    byte[] body() {
        return body;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
