package io.periodview.streams.store;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * A range of rows: RocksDB's, and over them those that are not committed yet. Kafka's own iterator takes a block that
 * cannot be read for the end of the range; this one fails. Thread-safe, since the store closes it under a reader.
 */
final class CheckedRangeIterator implements KeyValueIterator<Bytes, byte[]> {

    private final RocksIterator committed;
    private final List<KeyValue<Bytes, byte[]>> uncommitted;
    private final byte[] last;
    private final Function<RocksDBException, RuntimeException> unreadable;
    private final Runnable onClose;
    private int nextUncommitted;
    private byte @Nullable [] nextCommitted;
    private @Nullable KeyValue<Bytes, byte[]> next;
    private boolean closed;

    /**
     * @param committed closed with this; of the same moment as the uncommitted rows
     * @param uncommitted those of the range, in order; they win over the others
     * @param last inclusive
     * @param unreadable what to throw if the rows cannot be read on
     */
    CheckedRangeIterator(
            RocksIterator committed,
            List<KeyValue<Bytes, byte[]>> uncommitted,
            byte[] first,
            byte[] last,
            Function<RocksDBException, RuntimeException> unreadable,
            Consumer<CheckedRangeIterator> onClose) {
        this.committed = committed;
        this.uncommitted = uncommitted;
        this.last = last;
        this.unreadable = unreadable;
        this.onClose = () -> onClose.accept(this);
        boolean done = false;
        try {
            committed.seek(first);
            readCommitted();
            done = true;
        } finally {
            if (!done) {
                committed.close();
            }
        }
    }

    @Override
    public synchronized boolean hasNext() {
        return peek() != null;
    }

    @Override
    public synchronized KeyValue<Bytes, byte[]> next() {
        KeyValue<Bytes, byte[]> row = peek();
        if (row == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return row;
    }

    @Override
    public synchronized Bytes peekNextKey() {
        KeyValue<Bytes, byte[]> row = peek();
        if (row == null) {
            throw new NoSuchElementException();
        }
        return row.key;
    }

    private @Nullable KeyValue<Bytes, byte[]> peek() {
        if (closed) {
            throw new InvalidStateStoreException("The store has been closed");
        }
        while (next == null) {
            byte[] key = nextCommitted;
            KeyValue<Bytes, byte[]> staged =
                    nextUncommitted < uncommitted.size() ? uncommitted.get(nextUncommitted) : null;
            if (key == null && staged == null) {
                return null;
            }
            int order = key == null ? 1 : staged == null ? -1 : Arrays.compareUnsigned(key, staged.key.get());
            if (order < 0 && key != null) {
                next = KeyValue.pair(Bytes.wrap(key), committed.value());
            } else if (staged != null) {
                nextUncommitted++;
                next = staged.value == UncommittedRows.DELETED ? null : staged;
            }
            if (order <= 0) {
                committed.next();
                readCommitted();
            }
        }
        return next;
    }

    private void readCommitted() {
        nextCommitted = null;
        if (committed.isValid()) {
            byte[] key = committed.key();
            if (Arrays.compareUnsigned(key, last) <= 0) {
                nextCommitted = key;
            }
        } else {
            requireEnd();
        }
    }

    private void requireEnd() {
        try {
            committed.status();
        } catch (RocksDBException e) {
            throw unreadable.apply(e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            committed.close();
            onClose.run();
        }
    }
}
