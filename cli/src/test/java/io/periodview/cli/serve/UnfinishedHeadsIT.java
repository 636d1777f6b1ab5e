package io.periodview.cli.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.ApiReader;
import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.InstanceProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of clients without a key that never finish a head, on an instance with 512 MiB of heap. */
@Tag("slow")
class UnfinishedHeadsIT {

    /** Together more than the heap, if all of it were kept. */
    private static final int CLIENTS = 6_420;

    private static final byte[] HEAD =
            ("GET /periods HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(60_000)).getBytes(US_ASCII);
    private static final int ALLOWED = 15_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static InstanceProcess instance;
    private static ApiReader api;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        CommandLineWithBroker broker = new CommandLineWithBroker();
        broker.commandLine().result("topics", "--apply");
        String key = broker.commandLine()
                .result("keys", "create", "--team", "1", "--name", "test")
                .strip();
        instance = new InstanceProcess("attacked", directory, broker.serveOptions());
        instance.start();
        instance.awaitReady();
        api = ApiReader.at(instance.port(), key);
        await().atMost(TIMEOUT).until(() -> api.status("/periods") == 200);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** @param length of the head that each sends */
    private void attack(int port, int length) throws IOException, InterruptedException {
        for (int i = 1; i <= CLIENTS; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) TIMEOUT.toMillis());
            try {
                socket.getOutputStream().write(HEAD, 0, length);
            } catch (IOException e) {
                // It was refused, and may know before it has sent all.
            }
            if (i % 500 == 0) {
                assertThat(instance.isAlive())
                        .as("%d: %s", i, instance.process())
                        .isTrue();
            }
        }
    }

    @Test
    void theApiStaysAliveAndItsHealthIsAnswered() throws Exception {
        for (int length : new int[] {ALLOWED, HEAD.length}) {
            attack(instance.port(), length);
            assertThat(instance.health("live")).isEqualTo(200);
            assertThat(instance.health("ready")).isEqualTo(200);
            await().atMost(TIMEOUT).until(() -> api.status("/periods") == 200); // while they are all still there
        }
        assertThat(ApiReader.at(instance.adminPort(), null).body("/metrics"))
                .containsPattern("periodview_connections_closed_total\\{reason=\"limit\"} [1-9]")
                .containsPattern("periodview_connections_closed_total\\{reason=\"slow\"} [1-9]");
    }

    @Test
    void theAdminPortIsNoBackDoor() throws Exception {
        attack(instance.adminPort(), ALLOWED);
        assertThat(api.status("/periods")).isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> instance.health("live") == 200);
    }
}
