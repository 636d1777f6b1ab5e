package io.periodview.streams.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were written since the last commit. RocksDB gets them when Kafka has committed the transaction in which
 * they, and the offsets of their events, are; of several versions of a row only the last. Changed by one thread, under the lock
 * of its store; other threads read it under that lock.
 */
final class UncommittedRows {

    /** Stands for a row that is deleted; no row is empty. */
    static final byte[] DELETED = {};

    /** Of a row beside its key and value: the map's entry, two arrays' heads. */
    private static final int OVERHEAD = 100;

    private final NavigableMap<Bytes, byte[]> rows = new TreeMap<>();
    /** Read without the lock, by the thread that decides when to commit. */
    private volatile long bytes;

    /** @param row null if it is deleted */
    void put(Bytes key, byte @Nullable [] row) {
        byte[] now = row == null ? DELETED : row;
        byte[] before = rows.put(key, now);
        bytes += before == null ? OVERHEAD + key.get().length + now.length : now.length - before.length;
    }

    /** The row, {@link #DELETED}, or null if it was not written since the last commit. */
    byte @Nullable [] get(Bytes key) {
        return rows.isEmpty() ? null : rows.get(key);
    }

    /** Those between two keys, both inclusive, in their order, {@link #DELETED} ones among them. */
    List<KeyValue<Bytes, byte[]>> between(Bytes from, Bytes to) {
        if (rows.isEmpty() || from.compareTo(to) > 0) {
            return List.of();
        }
        List<KeyValue<Bytes, byte[]>> between = new ArrayList<>();
        for (Map.Entry<Bytes, byte[]> row : rows.subMap(from, true, to, true).entrySet()) {
            between.add(KeyValue.pair(row.getKey(), row.getValue()));
        }
        return between;
    }

    /** All of them. */
    Map<Bytes, byte[]> all() {
        return rows;
    }

    void clear() {
        rows.clear();
        bytes = 0;
    }

    /** What they take of the heap, about. */
    long bytes() {
        return bytes;
    }
}
