package io.periodview.bench.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.api.cli.Main;
import io.periodview.bench.Child;
import io.periodview.bench.Lab;
import io.periodview.bench.load.Topics;
import io.periodview.topics.ApiKeyHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** {@code period-view serve} as it is in production. Thread-safe. */
final class ViewSubject implements Subject {

    /** The first of four periods of a thousand actions; the first of four of ten. */
    static final long LARGE = 11;

    static final long SMALL = 21;

    private static final String KEY = "bench-key-of-the-team-that-is-read";

    private final Topics topics;
    private final int port;
    private final Child process;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong changes = new AtomicLong(System.nanoTime());

    private ViewSubject(Topics topics, int port, Child process) {
        this.topics = topics;
        this.port = port;
        this.process = process;
        this.producer = producer(topics);
    }

    static ViewSubject start(Lab lab) throws Exception {
        String application = "read-view";
        Topics topics =
                Topics.fill(lab.broker().bootstrapServers(), "read.", application, ReadLoad.others(lab.isQuick()));
        Topics.publish(topics.bootstrapServers(), topics.names(), ReadLoad.events());
        try (KafkaProducer<byte[], byte[]> producer = producer(topics)) {
            producer.send(new ProducerRecord<>(
                            topics.names().apiKeys(),
                            ApiKeyHash.of(KEY).toBytes(),
                            ("{\"teamId\":" + ReadLoad.TEAM + ",\"name\":\"bench\"}").getBytes(UTF_8)))
                    .get();
        }
        int port = freePort();
        Path folder = lab.folder("view");
        Child process = Child.start(
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
        ViewSubject subject = new ViewSubject(topics, port, process);
        subject.awaitAll();
        return subject;
    }

    private static KafkaProducer<byte[], byte[]> producer(Topics topics) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", topics.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until the last action can be read. */
    private void awaitAll() throws Exception {
        String last = "\"actionId\":" + ReadLoad.anAction(SMALL + 3, 0) + ",";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            try {
                if (new String(body(SMALL + 3), UTF_8).contains(last)) {
                    return;
                }
            } catch (IOException notYet) {
                // it starts
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The view does not show what was published");
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    byte[] body(long period) throws IOException {
        try (Connection connection = new Connection(port)) {
            Connection.Reply reply = connection.ask(Connection.request("/periods/" + period + "/actions", headers()));
            if (reply.status() != 200) {
                throw new IOException("Status " + reply.status());
            }
            return Arrays.copyOf(connection.body(), reply.length());
        }
    }

    /** The header that says which answer a reader has; of the period that nobody changes meanwhile. */
    String tag() throws IOException {
        try (Connection connection = new Connection(port)) {
            return "If-None-Match: " + connection.etag(Connection.request("/periods/" + LARGE + "/actions", headers()))
                    + "\r\n";
        }
    }

    static long anActionOf(long period, int which) {
        return ReadLoad.anAction(period, which);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String headers() {
        return "Authorization: Bearer " + KEY + "\r\n";
    }

    /** Sees it through the list of periods, which it leaves as it is. */
    @Override
    public void change(long actionId) throws Exception {
        RecordMetadata at = producer.send(
                        Topics.record(topics.names(), ReadLoad.action(actionId, "Active " + changes.incrementAndGet())))
                .get();
        String position = at.topic() + "-" + at.partition() + "@" + at.offset();
        try (Connection connection = new Connection(port)) {
            Connection.Reply reply =
                    connection.ask(Connection.request("/periods", headers() + "View-At-Least: " + position + "\r\n"));
            if (reply.status() != 200) {
                throw new IOException("Status " + reply.status() + " at " + position);
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        process.terminate();
    }
}
