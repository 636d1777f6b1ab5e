package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;

/**
 * Asks an instance over bare sockets, so that any bytes can be sent and none of the answer's are hidden; and validates
 * every answer against the OpenAPI document. Thread-safe.
 */
final class Client {

    private static final OpenApi API = OpenApi.read();
    private static final int TIMEOUT_MILLIS = 20_000;

    private final int port;

    Client(int port) {
        this.port = port;
    }

    /** A connection on which nothing is sent yet. */
    Socket connect() throws IOException {
        return connect(0);
    }

    /** @param receiveBuffer bytes that the other side can send to a client that does not read; 0 for the usual number */
    Socket connect(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    /** @param headers whole lines, such as {@code Accept-Encoding: gzip} */
    Reply get(String key, String target, String... headers) {
        return ask("GET", key, target, headers);
    }

    Reply head(String key, String target, String... headers) {
        return ask("HEAD", key, target, headers);
    }

    Reply ask(String method, String key, String target, String... headers) {
        String[] all = new String[headers.length + 1];
        all[0] = "Authorization: Bearer " + key;
        System.arraycopy(headers, 0, all, 1, headers.length);
        return without(method, target, all);
    }

    /** A request with these headers only. */
    Reply without(String method, String target, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        Reply reply = send(method, (request + "Connection: close\r\n\r\n").getBytes(UTF_8));
        API.check(method, target, reply);
        return reply;
    }

    /** Sends these bytes on a connection of their own and reads one answer. */
    Reply send(String method, byte[] request) {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request);
            } catch (SocketException e) {
                // Refused before all of it was read: the answer is there.
            }
            return Reply.read(new BufferedInputStream(socket.getInputStream()), !method.equals("HEAD"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request of any form and reads the answer, or the refusal. */
    Reply sendRaw(String request) {
        return sendRaw(request.getBytes(ISO_8859_1));
    }

    Reply sendRaw(byte[] request) {
        Reply reply = send("?", request);
        boolean refused = reply.status() != 200;
        API.check(
                "?",
                refused ? "?" : reply.text().startsWith("{\"periods\":") ? "/periods" : "/periods/1/actions",
                reply);
        return reply;
    }

    static InputStream input(Socket socket) throws IOException {
        return new BufferedInputStream(socket.getInputStream());
    }
}
