package io.periodview.bench.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.PeriodViewTopology;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.ResponseBody;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.streams.store.RocksDbConfig;
import io.periodview.streams.store.RowKeys;
import io.periodview.streams.store.ViewStore;
import io.periodview.topics.ActionEvent;
import io.periodview.topics.EventKey;
import io.periodview.topics.ParseResult;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.RocksDBStoreInside;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Rows into RocksDB and out of it, with the service's settings, without a changelog: a team of 100,000 actions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls what is annotated with Setup first
public class Store {

    private static final long TEAM = 7;
    private static final int ACTIONS = 100_000;
    /** Rows of a commit: a tenth of a second's, while a history is caught up with. */
    private static final int COMMIT = 10_000;

    private static final int BATCH = 100;
    private static final int READ = 1_000;

    private Path folder;
    private TopologyTestDriver driver;
    private ViewStore rows;
    private ViewReader reader;
    private byte[] row;
    private int next;
    private int uncommitted;

    @Setup
    public void fill() throws IOException {
        folder = Files.createTempDirectory("period-view-bench-steps");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "steps");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbConfig.class);
        TopicNames topics = new TopicNames("");
        driver = new TopologyTestDriver(
                PeriodViewTopology.build(
                        EventTopics.of(topics, "steps", 1),
                        new ThrottledEventLog(System::nanoTime),
                        new LocalPartitions(Duration.ofSeconds(10), Set.of()),
                        ServiceMetrics.NONE),
                config);
        // Contains the first thousand: one each second.
        driver.createInputTopic(topics.periods(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        (TEAM + "/1").getBytes(UTF_8),
                        ("{\"name\":\"P\",\"start_date\":\"1970-01-01T00:00:00Z\",\"end_date\":\"1970-01-01T00:16:40Z\"}")
                                .getBytes(UTF_8));
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(PeriodViewTopology.VIEW);
        rows = RocksDBStoreInside.inside(store, ViewStore.class);
        reader = new ViewReader(store, new BufferPool(folder));
        row = ActionRowEncoder.encode(
                1,
                91_011,
                ((ParseResult.Parsed<ActionEvent>) ActionEvent.parse(new EventKey(TEAM, 91_011), """
                                {"classification":"Category 55","subClassification":"Subcategory 170","status":"Active",\
                                "createdTime":"2016-02-29T01:16:00Z","assignedTime":"2016-02-29T01:23:00Z",\
                                "createdByUserName":"Created by 6","assignedUserNames":["Resolver 89"],"channel":"Phone",\
                                "formType":"Incident","latestChannel":"Group 56","formFields":{"impact":"2 - Medium"}}""".getBytes(UTF_8)))
                        .value());
        for (int i = 0; i < ACTIONS; i += BATCH) {
            write(BATCH, i);
        }
    }

    /** As the service: what is not committed stays in memory. */
    private void write(int size, int first) {
        rows.putAll(batch(first, size));
        uncommitted += size;
        if (uncommitted >= COMMIT) {
            rows.commit(Map.of(new TopicPartition("changelog", 0), 0L));
            uncommitted = 0;
        }
    }

    private List<KeyValue<Bytes, byte[]>> batch(int first, int size) {
        List<KeyValue<Bytes, byte[]>> batch = new ArrayList<>(size);
        for (int i = first; i < first + size; i++) {
            batch.add(KeyValue.pair(RowKeys.row(TEAM, i * 1_000L, i + 1), row));
        }
        return batch;
    }

    /** Far from each other, so that no two are near by chance. */
    private int someAction() {
        next = (int) ((next + 61_803_399L) % (ACTIONS - BATCH));
        return next;
    }

    @Benchmark
    public Bytes encodeKey() {
        next++;
        return RowKeys.row(TEAM, next * 1_000L, next);
    }

    @Benchmark
    public byte[] getRow() {
        int action = someAction();
        return rows.get(RowKeys.row(TEAM, action * 1_000L, action + 1));
    }

    @Benchmark
    public void writeOneRow() {
        write(1, someAction());
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void writeHundredRows() {
        write(BATCH, someAction());
    }

    @Benchmark
    @OperationsPerInvocation(READ)
    public long scanAndSplice() throws IOException {
        try (ResponseBody answer = Objects.requireNonNull(reader.actions(TEAM, 1, null))) {
            if (answer.rows() != READ) {
                throw new IllegalStateException(answer.rows() + " rows");
            }
            return answer.rows();
        }
    }

    @TearDown
    public void delete() throws IOException {
        driver.close();
        Utils.delete(folder.toFile());
    }
}
