package io.periodview.streams.apply;

import io.periodview.streams.cache.RowChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

/** Rows to be written at once, and what they change: readers see all of them or none. Not thread-safe. */
final class WriteBatch {

    private final KeyValueStore<Bytes, byte[]> store;
    private final List<KeyValue<Bytes, byte[]>> rows = new ArrayList<>();
    private final Map<Long, List<RowChange>> changes = new HashMap<>();

    WriteBatch(KeyValueStore<Bytes, byte[]> store) {
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
    void changed(long teamId, RowChange change) {
        changes.computeIfAbsent(teamId, unknown -> new ArrayList<>()).add(change);
    }

    /** By team. */
    Map<Long, List<RowChange>> changes() {
        return changes;
    }

    void write() {
        if (!rows.isEmpty()) {
            store.putAll(rows);
        }
    }
}
