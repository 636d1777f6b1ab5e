package io.periodview.streams.state;

import io.periodview.streams.owned.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.apache.kafka.streams.state.internals.RocksDBStore;
import org.apache.kafka.streams.state.internals.RocksDBStoreInside;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's rows in RocksDB. When its files turn out to be unreadable, they are set aside, and Kafka Streams restores
 * the partition from the changelog: whoever reads meanwhile is told that the store is not available, the thread that
 * writes that it has to begin anew. A full disk is passed on as the failure it is.
 *
 * <p>It may be read while it is restored: whoever reads asks {@link Held} before and after.
 *
 * <p>Thread-safe as any store.
 */
public final class ViewStore extends RocksDBStore implements CachedStateStore<Bytes, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(ViewStore.class);
    private static final String METRICS = "rocksdb";

    /** The directory in that of the task; part of Kafka's layout. */
    private static final String FILES = "rocksdb";

    private final Held held;
    private volatile @Nullable Opened opened;
    private volatile @Nullable Exception unreadable;
    private Runnable beforeCommit = () -> {};

    /** For whom, and by which thread: the one that applies the events. */
    private record Opened(TaskId task, Path directory, Thread by) {}

    private ViewStore(String name, Held held) {
        super(name, METRICS);
        this.held = held;
    }

    /** @param held where each opening is told of */
    public static KeyValueBytesStoreSupplier supplier(String name, Held held) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new ViewStore(name, held);
            }

            @Override
            public String metricsScope() {
                return METRICS;
            }
        };
    }

    /**
     * Says what is to be done before a transaction with what was written to the store, and with the offsets of the events,
     * is committed. Kafka Streams does it for stores that cache.
     *
     * @param rows the store as its processor got it
     */
    static void beforeCommit(StateStore rows, Runnable action) {
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

    @Override
    public void clearCache() {}

    /** @throws TaskCorruptedException if it could not be opened; the files that were in the way are gone by then */
    @Override
    public void init(StateStoreContext context, StateStore root) {
        Opened now = new Opened(context.taskId(), context.stateDir().toPath(), Thread.currentThread());
        opened = now;
        unreadable = null;
        held.copy(now.task().partition()).opened();
        try {
            super.init(context, root);
        } catch (ProcessorStateException e) {
            held.copy(now.task().partition()).closed();
            if (FullDisk.isCauseOf(e)) {
                throw e;
            }
            setAside(now, e);
            throw new TaskCorruptedException(Set.of(now.task()), e);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // null deletes: KeyValueStore.put
    public void put(Bytes key, byte @Nullable [] value) {
        guarded(() -> {
            super.put(key, value);
            return key;
        });
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        guarded(() -> {
            super.putAll(entries);
            return entries;
        });
    }

    /** What a restoration writes: a failure closes the store as any other does, so that it is set aside. */
    @Override
    public void write(WriteBatchInterface batch) throws RocksDBException {
        try {
            super.write(batch);
        } catch (RocksDBException e) {
            if (!FullDisk.isCauseOf(e)) {
                unreadable(e);
            }
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // null is a key without a row: KeyValueStore.get
    public byte[] get(Bytes key) {
        return guarded(() -> super.get(key));
    }

    @Override
    public synchronized KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return guarded(() -> {
            if (!isOpen()) {
                throw new InvalidStateStoreException("Store " + name() + " is currently closed");
            }
            Set<KeyValueIterator<Bytes, byte[]>> open = RocksDBStoreInside.openIterators(this);
            RangeIterator rows = new RangeIterator(
                    RocksDBStoreInside.database(this).newIterator(),
                    from.get(),
                    to.get(),
                    this::unreadable,
                    open::remove);
            open.add(rows);
            return rows;
        });
    }

    @Override
    public synchronized void close() {
        boolean wasOpen = isOpen();
        super.close();
        if (wasOpen && opened != null) {
            held.copy(opened.task().partition()).closed();
        }
        Exception why = unreadable;
        if (why != null && opened != null) {
            setAside(opened, why);
            unreadable = null;
        }
    }

    private <T> T guarded(Supplier<T> access) {
        Exception before = unreadable;
        if (before != null) {
            throw unreadable(before);
        }
        try {
            return access.get();
        } catch (ProcessorStateException e) {
            if (FullDisk.isCauseOf(e)) {
                throw e;
            }
            throw unreadable(e);
        }
    }

    private RuntimeException unreadable(Exception cause) {
        Opened by = opened;
        if (by == null) {
            return new InvalidStateStoreException(cause);
        }
        if (unreadable == null) {
            unreadable = cause;
            LOG.error(
                    "The local state {} cannot be read any more: {}. Nobody reads it until it is restored",
                    by.directory(),
                    reason(cause));
        }
        // Not TaskCorruptedException: for that, Kafka Streams commits the other tasks first, and with them what this
        // one
        // has written in the same transaction, without its offsets.
        return Thread.currentThread() == by.by()
                ? new TaskMigratedException("The local state " + by.directory() + " cannot be read", cause)
                : new InvalidStateStoreException("The local state of " + by.task() + " cannot be read", cause);
    }

    private static void setAside(Opened store, Exception why) {
        try {
            SetAside.move(store.directory(), store.directory().resolve(FILES), reason(why));
        } catch (IOException e) {
            throw new ProcessorStateException(
                    "The local state " + store.directory() + " cannot be read (" + reason(why)
                            + ") and not be set aside: " + e,
                    e);
        }
    }

    /** RocksDB's own words. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage()).replace('\n', ' ');
    }
}
