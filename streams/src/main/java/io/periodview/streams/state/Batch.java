package io.periodview.streams.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/** Rows to be written at once: readers see all of them or none. Not thread-safe. */
final class Batch {

    private final KeyValueStore<Bytes, byte[]> store;
    private final List<KeyValue<Bytes, byte[]>> rows = new ArrayList<>(4);

    Batch(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    void put(Bytes key, byte[] row) {
        rows.add(KeyValue.pair(key, row));
    }

    @SuppressWarnings("NullAway") // a null value deletes: KeyValueStore.putAll
    void delete(Bytes key) {
        rows.add(KeyValue.pair(key, null));
    }

    void write() {
        store.putAll(rows);
    }
}
