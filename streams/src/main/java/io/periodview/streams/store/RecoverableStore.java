package io.periodview.streams.store;

import io.periodview.streams.checkpoint.ChangelogFacts;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import io.periodview.streams.localstate.DiskFullException;
import io.periodview.streams.localstate.FlushTimestamp;
import io.periodview.streams.localstate.FlushTimestamp.Flushed;
import io.periodview.streams.localstate.Quarantine;
import io.periodview.streams.partition.LocalPartitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
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
 * writes that it has to begin again. Files that are too old to be restored from where they stopped, or that belong to another changelog, are
 * discarded. A full
 * disk is passed on as the failure it is. Thread-safe.
 */
abstract class RecoverableStore extends RocksDBStore {

    private static final Logger LOG = LoggerFactory.getLogger(RecoverableStore.class);

    static final String METRICS = "rocksdb";

    /** The directory in that of the task; part of Kafka's layout. */
    private static final String FILES = "rocksdb";

    /** How much older than the process's end the state on disk can be: the memory of a quiet partition fills slowly. */
    private static final Duration FLUSH_INTERVAL = Duration.ofHours(1);

    /** Where there are no brokers to ask: the changelog is always the same. */
    private static final ChangelogFacts UNCHECKED = new ChangelogFacts(Uuid.ZERO_UUID, Duration.ofDays(14));

    final LocalPartitions partitions;
    private volatile long flushedNanos;
    private volatile @Nullable Opened opened;
    private volatile @Nullable Exception unreadable;

    /** For which task, and by which thread: the one that applies the events. */
    private record Opened(TaskId task, Path directory, ChangelogFacts changelog, FlushTimestamp flushed, Thread by) {
        Duration flushInterval() {
            return shorter(FLUSH_INTERVAL, changelog.deletionsKept().dividedBy(4));
        }
    }

    /** @param partitions are notified of each opening and closing */
    RecoverableStore(String name, LocalPartitions partitions) {
        super(name, METRICS);
        this.partitions = partitions;
    }

    /** @throws TaskCorruptedException if it could not be opened; the files that were in the way are gone by then */
    @Override
    public void init(StateStoreContext context, StateStore root) {
        Path directory = context.stateDir().toPath();
        ChangelogFacts changelog = partitions.changelog(); // may time out, and is asked again by the next attempt
        Opened now = new Opened(
                context.taskId(),
                directory,
                changelog == null ? UNCHECKED : changelog,
                new FlushTimestamp(directory, Clock.systemUTC()),
                Thread.currentThread());
        opened = now;
        unreadable = null;
        partitions.opened(now.task().partition(), rows());
        try {
            flushedNanos = System.nanoTime() - ageAfterDiscardingForeign(now).toNanos();
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

    /** What is stored, for those who check it. */
    abstract Rows rows();

    private Duration ageAfterDiscardingForeign(Opened now) {
        try {
            Path files = now.directory().resolve(FILES);
            if (Files.exists(files)) {
                Flushed flushed = now.flushed().read();
                String why = whyForeign(flushed, now.changelog());
                if (flushed != null && why == null) {
                    return flushed.age();
                }
                LOG.warn("Discarding the local state {} and restoring from Kafka: {}", now.directory(), why);
                Utils.delete(files.toFile());
                partitions.localStateLost();
            }
            now.flushed().setToNow(now.changelog().id());
            return Duration.ZERO;
        } catch (IOException e) {
            throw new ProcessorStateException("The local state " + now.directory() + " cannot be used: " + e, e);
        }
    }

    /** Why the state on disk is not restored from where it stopped, or null if it is. */
    private static @Nullable String whyForeign(@Nullable Flushed flushed, ChangelogFacts changelog) {
        if (flushed == null) {
            return "it is not known when it was written to disk, or for which changelog";
        }
        if (!flushed.changelog().equals(changelog.id())) {
            return "it belongs to a changelog topic that was deleted, or that is in another cluster";
        }
        Duration limit =
                shorter(FlushTimestamp.MAX_AGE, changelog.deletionsKept().dividedBy(2));
        return flushed.age().compareTo(limit) < 0
                ? null
                : "it was written to disk " + flushed.age()
                        + " ago, and the changelog may have forgotten deletions since";
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Bounds how old the state on disk can be after a crash. To be called at every commit. */
    void flushIfDue() throws RocksDBException, IOException {
        Opened now = opened;
        if (now != null
                && System.nanoTime() - flushedNanos > now.flushInterval().toNanos()) {
            flushedNanos = System.nanoTime();
            RocksDBStoreInside.flush(this);
            now.flushed().setToNow(now.changelog().id());
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
