package io.periodview.cli.chaos;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Rows in a map, as the view's readers want them. */
final class MemoryStore implements ReadOnlyKeyValueStore<Bytes, byte[]> {

    private final NavigableMap<Bytes, byte[]> rows;

    MemoryStore(NavigableMap<Bytes, byte[]> rows) {
        this.rows = rows;
    }

    @Override
    @SuppressWarnings("NullAway") // null is a key without a row
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

    @Override
    public long approximateNumEntries() {
        return rows.size();
    }

    private static KeyValueIterator<Bytes, byte[]> iterator(NavigableMap<Bytes, byte[]> rows) {
        Iterator<Map.Entry<Bytes, byte[]>> entries = rows.entrySet().iterator();
        return new KeyValueIterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                Map.Entry<Bytes, byte[]> entry = entries.next();
                return KeyValue.pair(entry.getKey(), entry.getValue());
            }

            @Override
            public Bytes peekNextKey() {
                throw new UnsupportedOperationException("Readers of the view do not peek");
            }

            @Override
            public void close() {}
        };
    }
}
