package io.periodview.streams.query;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory as RocksDB shows them: a batch is seen as a whole, an iterator shows the moment of its creation. One
 * thread writes, many may read.
 */
final class MomentStore implements KeyValueStore<Bytes, byte[]> {

    private volatile NavigableMap<Bytes, byte[]> rows = new TreeMap<>();

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        TreeMap<Bytes, byte[]> now = new TreeMap<>(rows);
        for (KeyValue<Bytes, byte[]> entry : entries) {
            if (entry.value == null) {
                now.remove(entry.key);
            } else {
                now.put(entry.key, entry.value);
            }
        }
        rows = now;
    }

    @Override
    @SuppressWarnings("NullAway") // null deletes
    public void put(Bytes key, byte @Nullable [] value) {
        putAll(List.of(KeyValue.pair(key, value)));
    }

    @Override
    @SuppressWarnings("NullAway") // null is "not there"
    public byte[] get(Bytes key) {
        return rows.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return iterator(rows.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return iterator(rows);
    }

    private static KeyValueIterator<Bytes, byte[]> iterator(NavigableMap<Bytes, byte[]> of) {
        Iterator<Map.Entry<Bytes, byte[]>> entries = of.entrySet().iterator();
        return new KeyValueIterator<>() {
            @Override
            public void close() {}

            @Override
            public Bytes peekNextKey() {
                throw new UnsupportedOperationException("Nobody peeks");
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                Map.Entry<Bytes, byte[]> next = entries.next();
                return KeyValue.pair(next.getKey(), next.getValue());
            }
        };
    }

    @Override
    @SuppressWarnings("NullAway")
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        throw new UnsupportedOperationException("The view does not need it");
    }

    @Override
    @SuppressWarnings("NullAway")
    public byte[] delete(Bytes key) {
        throw new UnsupportedOperationException("The view does not need it");
    }

    @Override
    public long approximateNumEntries() {
        return rows.size();
    }

    @Override
    public String name() {
        return "moments";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }
}
