package io.periodview.streams.state;

import io.periodview.streams.owned.Changed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/** Rows to be written at once, and what they change: readers see all of them or none. Not thread-safe. */
final class Batch {

    private final KeyValueStore<Bytes, byte[]> store;
    private final List<KeyValue<Bytes, byte[]>> rows = new ArrayList<>();
    private final Map<Long, List<Changed>> changed = new HashMap<>();

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

    /** What the rows change for those who read the team. */
    void changes(long teamId, Changed change) {
        changed.computeIfAbsent(teamId, unknown -> new ArrayList<>()).add(change);
    }

    /** By team. */
    Map<Long, List<Changed>> changed() {
        return changed;
    }

    void write() {
        if (!rows.isEmpty()) {
            store.putAll(rows);
        }
    }
}
