package io.periodview.streams.query;

import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.cache.Scan;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import java.io.IOException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from the local rows of a partition, owned or not. Whether they may be shown is the caller's to know.
 * Thread-safe.
 */
final class StoreReader {

    private final KafkaStreams streams;
    private final String store;
    private final BufferPool buffers;

    StoreReader(KafkaStreams streams, String store, BufferPool buffers) {
        this.streams = streams;
        this.store = store;
        this.buffers = buffers;
    }

    /**
     * The answer, or null if there is no such period.
     *
     * @param cache of the owner, which learns from what is read; null on a standby
     * @param version from before, if there is a cache
     * @throws InvalidStateStoreException if the partition is not here, or its store is closed
     */
    @Nullable
    BufferedBody read(Query query, int partition, @Nullable ReadCache cache, long version) throws IOException {
        ViewReader reader = new ViewReader(rows(partition), buffers.forRequestOf(query.teamId()));
        if (query instanceof Query.Actions actions) {
            long team = actions.teamId();
            long period = actions.periodId();
            boolean wantsRows = actions.formFields() == null;
            try (Scan scan = cache == null ? Scan.NONE : cache.scan(team, period, version, wantsRows)) {
                return reader.actions(team, period, actions.formFields(), scan);
            }
        }
        Query.Periods periods = (Query.Periods) query;
        return reader.periods(periods.teamId(), periods.from(), periods.until());
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> rows(int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition)
                        .enableStaleStores());
    }
}
