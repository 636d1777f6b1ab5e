package io.periodview.streams.store;

import io.periodview.streams.localstate.DiskFullException;
import io.periodview.streams.localstate.FlushTimestamp;
import io.periodview.streams.localstate.Quarantine;
import io.periodview.streams.partition.LocalPartitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.internals.RocksDBStore;
import org.apache.kafka.streams.state.internals.RocksDBStoreInside;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RocksDB store that survives its files. When they turn out to be unreadable, they are quarantined, and Kafka Streams
 * restores the partition from the changelog: meanwhile readers get an error that the store is not available, the thread that
 * writes that it has to begin again. Files that are too old to be restored from where they stopped are discarded. A full
 * disk is passed on as the failure it is. Thread-safe.
 */
abstract class RecoverableStore extends RocksDBStore {

    private static final Logger LOG = LoggerFactory.getLogger(RecoverableStore.class);

    static final String METRICS = "rocksdb";

    /** The directory in that of the task; part of Kafka's layout. */
    private static final String FILES = "rocksdb";

    /** How much older than the process's end the state on disk can be: the memory of a quiet partition fills slowly. */
    private static final Duration FLUSH_INTERVAL = Duration.ofHours(1);

    final LocalPartitions partitions;
    private volatile long flushedNanos;
    private volatile @Nullable Opened opened;
    private volatile @Nullable Exception unreadable;

    /** For which task, and by which thread: the one that applies the events. */
    private record Opened(TaskId task, Path directory, FlushTimestamp flushed, Thread by) {}

    /** @param partitions are notified of each opening and closing */
    RecoverableStore(String name, LocalPartitions partitions) {
        super(name, METRICS);
        this.partitions = partitions;
    }

    /** @throws TaskCorruptedException if it could not be opened; the files that were in the way are gone by then */
    @Override
    public void init(StateStoreContext context, StateStore root) {
        Path directory = context.stateDir().toPath();
        Opened now = new Opened(
                context.taskId(), directory, new FlushTimestamp(directory, Clock.systemUTC()), Thread.currentThread());
        opened = now;
        unreadable = null;
        partitions.replica(now.task().partition()).opened();
        try {
            flushedNanos = System.nanoTime() - ageAfterDiscardingOld(now).toNanos();
            super.init(context, root);
        } catch (ProcessorStateException e) {
            partitions.replica(now.task().partition()).closed();
            if (DiskFullException.isCauseOf(e)) {
                throw e;
            }
            quarantine(now, e);
            throw new TaskCorruptedException(Set.of(now.task()), e);
        }
    }

    private Duration ageAfterDiscardingOld(Opened now) {
        try {
            Path files = now.directory().resolve(FILES);
            if (Files.exists(files)) {
                Duration age = now.flushed().age();
                if (age != null && age.compareTo(FlushTimestamp.MAX_AGE) < 0) {
                    return age;
                }
                LOG.warn(
                        "The local state {} was not written to disk within the last days, or by another version:"
                                + " discarding it and restoring from Kafka",
                        now.directory());
                Utils.delete(files.toFile());
                partitions.localStateLost();
            }
            now.flushed().setToNow();
            return Duration.ZERO;
        } catch (IOException e) {
            throw new ProcessorStateException("The local state " + now.directory() + " cannot be used: " + e, e);
        }
    }

    /** Bounds how old the state on disk can be after a crash. To be called at every commit. */
    void flushIfDue() throws RocksDBException, IOException {
        Opened now = opened;
        if (now != null && System.nanoTime() - flushedNanos > FLUSH_INTERVAL.toNanos()) {
            flushedNanos = System.nanoTime();
            RocksDBStoreInside.flush(this);
            now.flushed().setToNow();
        }
    }

    /** What a commit or a restore writes: a failure closes the store as any other does, so that it is quarantined. */
    @Override
    public void write(WriteBatchInterface batch) throws RocksDBException {
        try {
            super.write(batch);
        } catch (RocksDBException e) {
            if (!DiskFullException.isCauseOf(e)) {
                unreadable(e);
            }
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        boolean wasOpen = isOpen();
        super.close();
        if (wasOpen && opened != null) {
            partitions.replica(opened.task().partition()).closed();
        }
        Exception why = unreadable;
        if (why != null && opened != null) {
            quarantine(opened, why);
            unreadable = null;
        }
    }

    void requireOpen() {
        if (!isOpen()) {
            throw new InvalidStateStoreException("Store " + name() + " is currently closed");
        }
    }

    /** Access to the store: a failure closes it to everybody until it is restored. */
    <T> T guarded(Supplier<T> access) {
        Exception before = unreadable;
        if (before != null) {
            throw unreadable(before);
        }
        try {
            return access.get();
        } catch (ProcessorStateException e) {
            if (DiskFullException.isCauseOf(e)) {
                throw e;
            }
            throw unreadable(e);
        }
    }

    /** The same by whichever thread commits; if that is not the partition's owner, only this one task begins again. */
    void guardedCommit(Supplier<Void> commit) {
        try {
            guarded(commit);
        } catch (InvalidStateStoreException e) {
            Opened now = opened;
            throw now == null
                    ? e
                    : new TaskCorruptedException(Set.of(now.task()), new ProcessorStateException(e.getMessage(), e));
        }
    }

    RuntimeException unreadable(Exception cause) {
        Opened now = opened;
        if (now == null) {
            return new InvalidStateStoreException(cause);
        }
        if (unreadable == null) {
            unreadable = cause;
            LOG.error(
                    "The local state {} cannot be read any more: {}. Nobody reads it until it is restored",
                    now.directory(),
                    reason(cause));
        }
        // Not TaskCorruptedException: for that, Kafka Streams commits the other tasks first, and with them what this
        // one has written in the same transaction, without its offsets.
        return Thread.currentThread() == now.by()
                        && partitions.isActive(now.task().partition())
                ? new TaskMigratedException("The local state " + now.directory() + " cannot be read", cause)
                : new InvalidStateStoreException("The local state of " + now.task() + " cannot be read", cause);
    }

    private void quarantine(Opened store, Exception why) {
        partitions.localStateLost();
        try {
            Quarantine.move(store.directory(), store.directory().resolve(FILES), reason(why));
        } catch (IOException e) {
            throw new ProcessorStateException(
                    "The local state " + store.directory() + " cannot be read (" + reason(why)
                            + ") and not be quarantined: " + e,
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
