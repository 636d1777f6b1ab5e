package io.periodview.streams.store;

import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import io.periodview.streams.partition.LocalPartitions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.apache.kafka.streams.state.internals.RocksDBStoreInside;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A partition's rows: those of committed transactions in RocksDB, those of the open one in memory. Readers see both: what
 * is written with one call is seen at once and together, and an iterator shows the moment of its creation. After a crash
 * RocksDB has the state of its last flush, and Kafka Streams restores what the changelog has since.
 *
 * <p>Before a commit the store calls back the processor that writes to it ({@link #beforeCommit}): the one place where the
 * data does not flow one way.
 *
 * <p>It is read with {@code get} and {@code range} only; the other methods would not show uncommitted rows. It may be read
 * while it is restored: the reader asks {@link LocalPartitions} before and after. Thread-safe.
 */
public final class ViewStore extends RecoverableStore implements CachedStateStore<Bytes, byte[]> {

    private final UncommittedRows uncommitted = new UncommittedRows();
    private Runnable beforeCommit = () -> {};

    private ViewStore(String name, LocalPartitions partitions) {
        super(name, partitions);
    }

    /** @param partitions are notified of each opening and closing */
    public static KeyValueBytesStoreSupplier supplier(String name, LocalPartitions partitions) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new ViewStore(name, partitions);
            }

            @Override
            public String metricsScope() {
                return METRICS;
            }
        };
    }

    @Override
    Rows rows() {
        return new Rows() {
            @Override
            public @Nullable Checkpoint checkpoint() {
                byte[] row = ViewStore.this.get(RowKeys.checkpoint());
                return row == null ? null : Checkpoint.of(row);
            }

            @Override
            public boolean isEmpty() {
                RowKeys.Range all = RowKeys.all();
                try (KeyValueIterator<Bytes, byte[]> rows = range(all.from(), all.to())) {
                    return !rows.hasNext();
                }
            }

            @Override
            public boolean isOfOlderVersion() {
                return false; // who compares partitions knows it
            }
        };
    }

    /**
     * Sets what is to be done before a transaction with what was written to the store, and with the offsets of the events,
     * is committed. Kafka Streams does it for stores that cache.
     *
     * @param rows the store as its processor got it
     */
    public static void beforeCommit(StateStore rows, Runnable action) {
        RocksDBStoreInside.inside(rows, ViewStore.class).beforeCommit = action;
    }

    @Override
    public void flushCache() {
        beforeCommit.run();
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    /** Kafka Streams calls it when the task changes its role. */
    @Override
    public synchronized void clearCache() {
        uncommitted.clear();
    }

    @Override
    @SuppressWarnings("NullAway") // null deletes: KeyValueStore.put
    public synchronized void put(Bytes key, byte @Nullable [] value) {
        guarded(() -> {
            requireOpen();
            uncommitted.put(key, value);
            return key;
        });
    }

    @Override
    public synchronized void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        guarded(() -> {
            requireOpen();
            entries.forEach(entry -> uncommitted.put(entry.key, entry.value));
            return entries;
        });
    }

    @Override
    @SuppressWarnings("NullAway") // null is a key without a row: KeyValueStore.delete
    public synchronized byte[] delete(Bytes key) {
        byte[] before = get(key);
        put(key, null);
        return before;
    }

    @Override
    @SuppressWarnings("NullAway") // null is a key without a row: KeyValueStore.get
    public synchronized byte[] get(Bytes key) {
        return guarded(() -> {
            byte[] row = uncommitted.get(key);
            return row == null ? super.get(key) : row == UncommittedRows.DELETED ? null : row;
        });
    }

    @Override
    public synchronized KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return guarded(() -> {
            requireOpen();
            Set<KeyValueIterator<Bytes, byte[]>> open = RocksDBStoreInside.openIterators(this);
            CheckedRangeIterator rows = new CheckedRangeIterator(
                    RocksDBStoreInside.database(this).newIterator(),
                    uncommitted.between(from, to),
                    from.get(),
                    to.get(),
                    this::unreadable,
                    open::remove);
            open.add(rows);
            return rows;
        });
    }

    /** Queries take this way. Kafka's own view does not lock against {@link #close}, and RocksDB ends the JVM then. */
    @Override
    public ReadOnlyKeyValueStore<Bytes, byte[]> readOnly(IsolationLevel isolation) {
        if (isolation != IsolationLevel.READ_UNCOMMITTED) {
            throw new UnsupportedOperationException("Readers of the view see what is written, not what is committed");
        }
        return this;
    }

    /**
     * What Kafka has committed goes to RocksDB. The thread that commits is the one that writes, so nothing changes meanwhile,
     * and readers need not wait: what is in RocksDB already is the same as what is in memory.
     */
    @Override
    @SuppressWarnings("NullAway") // Void has no other value
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        if (!isOpen()) {
            return;
        }
        requireCommitted(changelogOffsets);
        guardedCommit(() -> {
            try {
                writeUncommitted();
                // A crash in between does no harm: what is replayed ends in the same rows.
                super.commit(changelogOffsets);
                flushIfDue();
            } catch (RocksDBException | IOException e) {
                throw new ProcessorStateException("The local state of " + name() + " cannot be written: " + e, e);
            }
            return null;
        });
    }

    /**
     * Kafka Streams 4.4.0 commits the stores of tasks that it closes although their last transaction has failed
     * (TaskManager.tryCloseCleanActiveTasks), and those of corrupted tasks, without offsets.
     */
    private void requireCommitted(Map<TopicPartition, Long> changelogOffsets) {
        if (changelogOffsets.isEmpty()) {
            clearCache();
        } else if (!uncommitted.all().isEmpty() && partitions.isInTransaction()) {
            clearCache();
            throw new TaskMigratedException(
                    "The rows of " + name() + " are of a transaction that failed",
                    new IllegalStateException("not committed"));
        }
    }

    private void writeUncommitted() throws RocksDBException {
        if (uncommitted.all().isEmpty()) {
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<Bytes, byte[]> row : uncommitted.all().entrySet()) {
                byte[] value = row.getValue() == UncommittedRows.DELETED ? null : row.getValue();
                addToBatch(KeyValue.pair(row.getKey().get(), value), batch);
            }
            write(batch);
        }
        clearCache();
    }

    @Override
    public long approximateNumUncommittedBytes() {
        return uncommitted.bytes();
    }

    @Override
    public synchronized void close() {
        try {
            super.close();
        } finally {
            uncommitted.clear();
        }
    }
}
