package io.periodview.streams.keys;

import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Tells whose data a key opens. Thread-safe.
 *
 * <p>A key is only ever handled as its SHA-256. The first hex digits find the candidates, of which there is one at most
 * in practice; the whole hash is compared in a time that does not depend on where it differs.
 */
public final class ApiKeys {

    private static final int BUCKET = 8;

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final Clock clock;

    public ApiKeys(ReadOnlyKeyValueStore<Bytes, byte[]> store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The team of a key that a reader sent, or empty if the key is unknown, revoked, malformed or expired. */
    public OptionalLong teamOf(String key) {
        byte[] hash = ApiKeyHash.of(key).toBytes();
        byte[] last = hash.clone();
        Arrays.fill(last, BUCKET, last.length, (byte) 'f');
        OptionalLong team = OptionalLong.empty();
        try (KeyValueIterator<Bytes, byte[]> candidates =
                store.range(Bytes.wrap(Arrays.copyOf(hash, BUCKET)), Bytes.wrap(last))) {
            while (candidates.hasNext()) {
                KeyValue<Bytes, byte[]> candidate = candidates.next();
                if (MessageDigest.isEqual(candidate.key.get(), hash)
                        && ApiKey.read(candidate.value) instanceof ApiKey.Reading.Valid valid
                        && !valid.key().isExpired(clock.instant())) {
                    team = OptionalLong.of(valid.key().teamId());
                }
            }
        }
        return team;
    }
}
