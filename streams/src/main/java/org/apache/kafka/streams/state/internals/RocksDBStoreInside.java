package org.apache.kafka.streams.state.internals;

import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What {@link RocksDBStore} shows to its own package only: an iterator that tells an error from the end of its range
 * needs both. Here, the compiler says so when another version of Kafka Streams has them no longer.
 */
public final class RocksDBStoreInside {

    private RocksDBStoreInside() {}

    /** The store inside those that a processor gets it in. */
    public static <S extends StateStore> S inside(StateStore outer, Class<S> type) {
        return Objects.requireNonNull(((WrappedStateStore<?, ?, ?>) outer).findInner(type));
    }

    /** Of an open store; closed with it. */
    public static RocksDB database(RocksDBStore store) {
        return store.db;
    }

    /** What the store closes before its database; thread-safe. */
    public static Set<KeyValueIterator<Bytes, byte[]>> openIterators(RocksDBStore store) {
        return store.openIterators;
    }

    /** Writes all that is in memory to disk, rows and offsets together. */
    public static void flush(RocksDBStore store) throws RocksDBException {
        store.dbAccessor.flush(store.cfAccessor.dataColumnFamily(), store.cfAccessor.offsetsColumnFamily());
    }
}
