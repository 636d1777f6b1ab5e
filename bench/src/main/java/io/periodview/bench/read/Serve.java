package io.periodview.bench.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.ingest.Candidates;
import io.periodview.bench.load.Topics;
import io.periodview.cli.Main;
import io.periodview.topics.ApiKeyHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** {@code period-view serve} as it is in production, with a key for each of the first teams. Thread-safe. */
public final class Serve implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final ChildJvm process;
    private final ThreadLocal<Connection> connections;

    private Serve(int port, Path folder, ChildJvm process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
        this.connections = ThreadLocal.withInitial(() -> {
            try {
                return new Connection(port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** @param teams that have keys: 1 to this */
    public static Serve start(BenchEnvironment environment, Topics topics, String application, long teams)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", topics.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long team = 1; team <= teams; team++) {
                producer.send(new ProducerRecord<>(
                        topics.names().apiKeys(),
                        ApiKeyHash.of(key(team)).toBytes(),
                        ("{\"teamId\":" + team + ",\"name\":\"bench\"}").getBytes(UTF_8)));
            }
            producer.flush();
        }
        int port = freePort();
        Path folder = environment.folder(application);
        ChildJvm process = ChildJvm.start(
                Main.class,
                folder,
                List.of(
                        "serve",
                        "--bootstrap-servers",
                        topics.bootstrapServers(),
                        "--topic-prefix",
                        topics.names().prefix(),
                        "--application-id",
                        application,
                        "--port",
                        "" + port,
                        "--admin-port",
                        "" + freePort(),
                        "--state-dir",
                        folder.resolve("state").toString()));
        return new Serve(port, folder, process);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String key(long team) {
        return "bench-key-of-team-" + team;
    }

    public int port() {
        return port;
    }

    /** Of its state and its log. */
    public Path folder() {
        return folder;
    }

    public ChildJvm process() {
        return process;
    }

    /** What each request of a team needs, each with its line end. */
    public String headers(long team) {
        return "Authorization: Bearer " + key(team) + "\r\n";
    }

    /** On the calling thread's connection, which the server may have closed because it was idle. */
    public Connection.Reply ask(byte[] request) throws IOException {
        try {
            return connections.get().ask(request);
        } catch (IOException closed) {
            connections.get().close();
            connections.remove();
            return connections.get().ask(request);
        }
    }

    /** Waits until a period shows an action. */
    public void awaitAction(long team, long period, long action) throws Exception {
        String shown = "\"actionId\":" + action + ",";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
        while (true) {
            try {
                if (new String(body(team, period), UTF_8).contains(shown)) {
                    return;
                }
            } catch (IOException notYet) {
                // it starts
            }
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IllegalStateException("The view does not show what was published: " + process.log());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Waits until everything is applied and committed. */
    public void awaitEvents(Topics topics, String application) throws Exception {
        Candidates.awaitAll(topics, application, process, Duration.ofSeconds(600));
    }

    /** A period's actions. */
    public byte[] body(long team, long period) throws IOException {
        try (Connection connection = new Connection(port)) {
            Connection.Reply reply =
                    connection.ask(Connection.request("/periods/" + period + "/actions", headers(team)));
            if (reply.status() != 200) {
                throw new IOException("Status " + reply.status());
            }
            return Arrays.copyOf(connection.body(), reply.length());
        }
    }

    @Override
    public void close() {
        process.terminate();
    }
}
