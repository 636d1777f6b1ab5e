package io.periodview.bench.read;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.load.Topics;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Period View with the load of the suite. */
final class ViewUnderTest implements SystemUnderTest {

    /** The first of four periods of a thousand actions; the first of four of ten. */
    static final long LARGE = 11;

    static final long SMALL = 21;

    private static final String APPLICATION = "read-view";

    private final Topics topics;
    private final Serve serve;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong changes = new AtomicLong(System.nanoTime());

    private ViewUnderTest(Topics topics, Serve serve) {
        this.topics = topics;
        this.serve = serve;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", topics.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static ViewUnderTest start(BenchEnvironment environment) throws Exception {
        Topics topics = Topics.fill(
                environment.broker().bootstrapServers(), "read.", APPLICATION, ReadLoad.others(environment.isQuick()));
        Topics.publish(topics.bootstrapServers(), topics.names(), ReadLoad.events());
        Serve serve = Serve.start(environment, topics, APPLICATION, ReadLoad.TEAM);
        serve.awaitAction(ReadLoad.TEAM, SMALL + 3, ReadLoad.anAction(SMALL + 3, 0));
        return new ViewUnderTest(topics, serve);
    }

    byte[] body(long period) throws IOException {
        return serve.body(ReadLoad.TEAM, period);
    }

    /** The header that says which answer a reader has; of a period that nobody changes meanwhile. */
    String tag() throws IOException {
        try (Connection connection = new Connection(port())) {
            return "If-None-Match: " + connection.etag(Connection.request("/periods/" + LARGE + "/actions", headers()))
                    + "\r\n";
        }
    }

    static long anActionOf(long period, int which) {
        return ReadLoad.anAction(period, which);
    }

    @Override
    public int port() {
        return serve.port();
    }

    @Override
    public String headers() {
        return serve.headers(ReadLoad.TEAM);
    }

    /** Sees it through the list of periods, which it leaves as it is. */
    @Override
    public void change(long actionId) throws Exception {
        RecordMetadata at = producer.send(
                        Topics.record(topics.names(), ReadLoad.action(actionId, "Active " + changes.incrementAndGet())))
                .get();
        String position = at.topic() + "-" + at.partition() + "@" + at.offset();
        Connection.Reply reply =
                serve.ask(Connection.request("/periods", headers() + "View-At-Least: " + position + "\r\n"));
        if (reply.status() != 200) {
            throw new IOException("Status " + reply.status() + " at " + position);
        }
    }

    @Override
    public void close() {
        producer.close();
        serve.close();
    }
}
