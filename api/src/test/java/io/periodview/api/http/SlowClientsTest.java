package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server with small limits, and clients that exceed them over real connections. */
class SlowClientsTest {

    private static final int CONNECTIONS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] LARGE = new byte[16 << 20];
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final HttpPort port =
            new HttpPort("test", "127.0.0.1", 0, 16, new HttpLimits(CONNECTIONS, 1 << 20, LIMIT, LIMIT));
    private final List<Socket> sockets = new ArrayList<>();
    private final Javalin server = JettyServers.start(
            Javalin.create(config -> {
                JettyServers.configure(config, port, Duration.ofSeconds(1));
                config.routes.get("/", ctx -> ctx.result("yes"));
                config.routes.get("/large", ctx -> ctx.res().getOutputStream().write(LARGE));
            }),
            "127.0.0.1",
            0);

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        JettyServers.stop(server);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        return socket;
    }

    private static Reply answer(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return Reply.read(socket.getInputStream(), true);
    }

    @Test
    void aHeadThatComesByteByByteForTooLongEndsTheConnection() throws IOException {
        Socket socket = connect();
        assertThat(answer(socket, REQUEST).status()).isEqualTo(200); // time counts from a head's own first byte
        await().during(LIMIT).atMost(LIMIT.plusSeconds(2)).until(() -> port.cutOff() == 0);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nX: ".getBytes(US_ASCII));
        assertThatThrownBy(() -> await().pollInterval(Duration.ofMillis(100))
                        .atMost(TIMEOUT)
                        .until(() -> {
                            socket.getOutputStream().write('x');
                            return false;
                        }))
                .isInstanceOf(SocketException.class);
        assertThat(port.cutOff()).isEqualTo(1);
    }

    @Test
    void aReaderThatTakesTooLittleIsCutOff() throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(REQUEST.replace("/ ", "/large ").getBytes(US_ASCII));
        InputStream in = socket.getInputStream();
        await().pollInterval(Duration.ofMillis(100)).atMost(TIMEOUT).until(() -> {
            assertThat(in.readNBytes(100)).hasSize(100);
            return port.cutOff() == 1;
        });
        assertThatThrownBy(() -> {
                    if (in.readAllBytes().length < LARGE.length / 2) {
                        throw new EOFException();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aReaderThatIsSlowButNotTooSlowGetsAllOfIt() throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(REQUEST.replace("/ ", "/large ").getBytes(US_ASCII));
        long pauseUntil = System.nanoTime() + LIMIT.toNanos() * 2;
        InputStream in = new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (System.nanoTime() < pauseUntil) {
                    LockSupport.parkNanos(10_000_000); // some hundred kilobytes a second
                }
                return super.read(bytes, offset, Math.min(length, 64 << 10));
            }
        };
        Reply reply = Reply.read(in, true);
        assertThat(reply.body()).hasSize(LARGE.length);
        assertThat(port.cutOff()).isZero();
    }

    @Test
    void connectionsBeyondTheLimitGetA503AtOnce() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            assertThat(answer(connect(), REQUEST).status()).isEqualTo(200);
        }
        for (int i = 0; i < 3 * CONNECTIONS; i++) {
            Socket refused = connect();
            Reply reply = Reply.read(refused.getInputStream(), true);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).hasValue("1");
            assertThat(reply.message()).isEqualTo("This instance has too many connections.");
        }
        assertThat(port.refused()).isEqualTo(3 * CONNECTIONS);
        sockets.get(0).close();
        await().atMost(TIMEOUT).until(() -> port.open() < CONNECTIONS);
        assertThat(answer(connect(), REQUEST).status()).isEqualTo(200);
    }

    @Test
    void unfinishedHeadsGoSoonerWhenPlacesAreFew() throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            connect().getOutputStream().write("GET /".getBytes(US_ASCII));
        }
        await().atMost(LIMIT.minusMillis(100)).until(() -> port.cutOff() == CONNECTIONS);
        assertThat(answer(connect(), REQUEST).status()).isEqualTo(200);
    }

    @Test
    void aHeadWithManyHeadersIsRefused() throws IOException {
        String headers = "a:\r\n".repeat(HttpLimits.HEADERS);
        assertThat(answer(connect(), REQUEST.replace("\r\n\r\n", "\r\n" + headers + "\r\n"))
                        .status())
                .isEqualTo(431);
        assertThat(answer(connect(), REQUEST.replace("\r\n\r\n", "\r\n" + headers.substring(4) + "\r\n"))
                        .status())
                .isEqualTo(200);
    }
}
