package io.periodview.streams.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.streams.PeriodViewTopology;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.TrackingClientSupplier;
import io.periodview.topics.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.internals.RocksDBStoreInside;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** Committed and uncommitted rows of one store, against a sorted map. */
class ViewStoreTest {

    @TempDir
    private Path folder;

    private static final Map<TopicPartition, Long> OFFSET = Map.of(new TopicPartition("changelog", 0), 7L);

    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of());
    private TopologyTestDriver driver;
    private ViewStore store;

    @BeforeEach
    void open() {
        Properties config = new Properties();
        config.put("application.id", "app");
        config.put("bootstrap.servers", "127.0.0.1:1");
        config.put("state.dir", folder.toString());
        config.put("enable.transactional.statestores", "true");
        driver = new TopologyTestDriver(
                PeriodViewTopology.build(
                        EventTopics.of(new TopicNames(""), "app", 1),
                        new ThrottledEventLog(System::nanoTime),
                        partitions,
                        ServiceMetrics.NONE),
                config);
        store = RocksDBStoreInside.inside(driver.getKeyValueStore(PeriodViewTopology.VIEW), ViewStore.class);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void readsShowCommittedAndUncommittedRowsInOneOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        NavigableMap<String, String> model = new TreeMap<>();
        for (int step = 0; step < 3_000; step++) {
            List<KeyValue<Bytes, byte[]>> batch = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String key = key(random);
                String value = random.nextInt(3) == 0 ? null : "value " + step;
                batch.add(row(key, value));
                model.compute(key, (same, before) -> value);
            }
            store.putAll(batch);
            if (random.nextInt(10) == 0) {
                store.commit(OFFSET);
                assertThat(store.approximateNumUncommittedBytes()).isZero();
            }
            String from = key(random);
            String to = key(random);
            NavigableMap<String, String> expected =
                    from.compareTo(to) > 0 ? new TreeMap<>() : model.subMap(from, true, to, true);
            assertThat(range(from, to)).as("seed %d, step %d", seed, step).isEqualTo(expected);
            String any = key(random);
            assertThat(text(store.get(bytes(any))))
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(model.get(any));
        }
    }

    @Test
    void anIteratorShowsTheMomentOfItsCreation() {
        store.putAll(List.of(row("a", "committed"), row("c", "committed")));
        store.commit(OFFSET);
        store.putAll(List.of(row("b", "uncommitted")));
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(bytes("a"), bytes("z"))) {
            store.putAll(List.of(row("a", null), row("b", "later"), row("d", "later")));
            store.commit(OFFSET);
            assertThat(all(rows)).isEqualTo(Map.of("a", "committed", "b", "uncommitted", "c", "committed"));
        }
        assertThat(range("a", "z")).isEqualTo(Map.of("b", "later", "c", "committed", "d", "later"));
    }

    @Test
    void onlyCommittedRowsGetToDisk() throws Exception {
        store.putAll(List.of(row("a", "committed"), row("b", "committed")));
        store.commit(OFFSET);
        store.putAll(List.of(row("b", null), row("c", "uncommitted")));
        assertThat(store.approximateNumUncommittedBytes()).isPositive();
        store.close();
        assertThat(store.approximateNumUncommittedBytes()).isZero();
        assertThat(onDisk()).isEqualTo(Map.of("a", "committed", "b", "committed"));
    }

    /** As Kafka Streams does when it closes a task whose last commit fails. */
    @Test
    void rowsOfAFailedTransactionAreDropped() throws Exception {
        store.putAll(List.of(row("a", "committed")));
        store.commit(OFFSET);
        Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1", "transactional.id", "any");
        try (Producer<byte[], byte[]> producer =
                new TrackingClientSupplier(partitions, HeapBudgets.here(1)).getProducer(config)) {
            assertThatThrownBy(producer::beginTransaction).isInstanceOf(IllegalStateException.class);
            store.putAll(List.of(row("a", "aborted"), row("b", "aborted")));
            assertThatThrownBy(() -> store.commit(OFFSET)).isInstanceOf(TaskMigratedException.class);
        }
        assertThat(range("a", "z")).isEqualTo(Map.of("a", "committed"));
        store.close();
        assertThat(onDisk()).isEqualTo(Map.of("a", "committed"));
    }

    /** Corrupted tasks are committed without offsets, and closed. */
    @Test
    void rowsOfACorruptedTaskAreDropped() throws Exception {
        store.putAll(List.of(row("a", "uncommitted")));
        store.commit(Map.of());
        assertThat(range("a", "z")).isEmpty();
    }

    private Map<String, String> onDisk() throws Exception {
        Path files;
        try (var all = Files.walk(folder)) {
            files = Objects.requireNonNull(all.filter(each -> each.endsWith("CURRENT"))
                    .findFirst()
                    .orElseThrow()
                    .getParent());
        }
        List<ColumnFamilyHandle> families = new ArrayList<>();
        Map<String, String> rows = new TreeMap<>();
        try (RocksDB database = RocksDB.openReadOnly(
                        files.toString(),
                        List.of(
                                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
                                new ColumnFamilyDescriptor("offsets".getBytes(UTF_8))),
                        families);
                RocksIterator iterator = database.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                rows.put(new String(iterator.key(), UTF_8), new String(iterator.value(), UTF_8));
            }
        }
        return rows;
    }

    private Map<String, String> range(String from, String to) {
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(bytes(from), bytes(to))) {
            return all(rows);
        }
    }

    private static Map<String, String> all(KeyValueIterator<Bytes, byte[]> rows) {
        Map<String, String> all = new TreeMap<>();
        String last = "";
        while (rows.hasNext()) {
            KeyValue<Bytes, byte[]> next = rows.next();
            String key = new String(next.key.get(), UTF_8);
            assertThat(key).as("in order").isGreaterThan(last);
            last = key;
            all.put(key, new String(next.value, UTF_8));
        }
        return all;
    }

    private static String key(Random random) {
        return String.format("%02d", random.nextInt(60));
    }

    @SuppressWarnings("NullAway") // null deletes
    private static KeyValue<Bytes, byte[]> row(String key, @Nullable String value) {
        return KeyValue.pair(bytes(key), value == null ? null : value.getBytes(UTF_8));
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value == null ? null : new String(value, UTF_8);
    }
}
