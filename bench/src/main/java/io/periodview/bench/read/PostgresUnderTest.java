package io.periodview.bench.read;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.Topics;
import io.periodview.bench.peer.PostgresView;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** PostgreSQL behind the same HTTP server. Thread-safe. */
final class PostgresUnderTest implements SystemUnderTest {

    private static final TopicNames NAMES = new TopicNames("");
    private static final int BATCH = 5_000;

    private final String url;
    private final ChildJvm process;
    private final int port;
    private final AtomicLong changes = new AtomicLong(System.nanoTime());
    private final ThreadLocal<@Nullable Connection> connections = new ThreadLocal<>();

    private PostgresUnderTest(String url, ChildJvm process, int port) {
        this.url = url;
        this.process = process;
        this.port = port;
    }

    /** Fills the tables. */
    static PostgresUnderTest start(BenchEnvironment environment, String mode) throws Exception {
        String url = environment.postgres().url();
        try (Connection connection = DriverManager.getConnection(url + "&reWriteBatchedInserts=true")) {
            PostgresView.createSchema(connection);
            connection.setAutoCommit(false);
            write(connection, ReadLoad.others(environment.isQuick()));
            write(connection, ReadLoad.events());
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("vacuum analyze");
            }
        }
        return serve(environment, url, mode);
    }

    /** Reads the same tables in another way. */
    static PostgresUnderTest sibling(BenchEnvironment environment, PostgresUnderTest other, String mode)
            throws Exception {
        return serve(environment, other.url, mode);
    }

    private static PostgresUnderTest serve(BenchEnvironment environment, String url, String mode) throws IOException {
        ChildJvm process = ChildJvm.start(
                PostgresServer.class, environment.folder("pg-" + mode), List.of(url, mode, "" + ReadLoad.TEAM));
        return new PostgresUnderTest(url, process, Integer.parseInt(process.await("port")));
    }

    private static void write(Connection connection, Iterable<ChangeEvent> events) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (ChangeEvent event : events) {
            batch.add(consumed(event));
            if (batch.size() == BATCH) {
                PostgresView.write(connection, NAMES.periods(), batch, Map.of());
                batch.clear();
            }
        }
        PostgresView.write(connection, NAMES.periods(), batch, Map.of());
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ChangeEvent event) {
        ProducerRecord<byte[], byte[]> record = Topics.record(NAMES, event);
        return new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String headers() {
        return "Authorization: Bearer any\r\n";
    }

    @Override
    public void change(long actionId) throws Exception {
        Connection connection = connections.get();
        if (connection == null || connection.isClosed()) {
            connection = DriverManager.getConnection(url);
            connection.setAutoCommit(false);
            connections.set(connection);
        }
        ChangeEvent event = ReadLoad.action(actionId, "Active " + changes.incrementAndGet());
        PostgresView.write(connection, NAMES.periods(), List.of(consumed(event)), Map.of());
    }

    @Override
    public void close() {
        process.close();
    }
}
