package io.periodview.streams.state;

import java.util.Arrays;
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
 * A range of rows. Kafka's own iterator takes a block that cannot be read for the end of the range; this one fails.
 * Thread-safe, since the store closes it under a reader.
 */
final class RangeIterator implements KeyValueIterator<Bytes, byte[]> {

    private final RocksIterator rows;
    private final byte[] last;
    private final Function<RocksDBException, RuntimeException> unreadable;
    private final Runnable onClose;
    private @Nullable KeyValue<Bytes, byte[]> next;
    private boolean closed;

    /**
     * @param rows closed with this
     * @param last inclusive
     * @param unreadable what to throw if the rows cannot be read on
     */
    RangeIterator(
            RocksIterator rows,
            byte[] first,
            byte[] last,
            Function<RocksDBException, RuntimeException> unreadable,
            Consumer<RangeIterator> onClose) {
        this.rows = rows;
        this.last = last;
        this.unreadable = unreadable;
        this.onClose = () -> onClose.accept(this);
        rows.seek(first);
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
        rows.next();
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
        if (next == null) {
            if (rows.isValid()) {
                byte[] key = rows.key();
                if (Arrays.compareUnsigned(key, last) <= 0) {
                    next = KeyValue.pair(Bytes.wrap(key), rows.value());
                }
            } else {
                requireEnd();
            }
        }
        return next;
    }

    private void requireEnd() {
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw unreadable.apply(e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            rows.close();
            onClose.run();
        }
    }
}
