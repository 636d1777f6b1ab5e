package io.periodview.streams.keys;

import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Tells whose data a key opens. Thread-safe.
 *
 * <p>A key is only ever handled as its SHA-256. The first half of the hash finds the entry, and the whole is compared in a
 * time that does not depend on where it differs.
 */
public final class ApiKeys {

    /** Hex digits: 128 bits, in which no two keys agree. */
    private static final int BUCKET = 32;

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final Clock clock;

    public ApiKeys(ReadOnlyKeyValueStore<Bytes, byte[]> store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The team of a key that a reader sent, or empty if the key is unknown, revoked, malformed or expired. */
    public OptionalLong teamOf(String key) {
        byte[] hash = ApiKeyHash.of(key).toBytes();
        byte[] entry = store.get(bucket(hash));
        if (entry != null
                && MessageDigest.isEqual(hashIn(entry), hash)
                && ApiKey.read(valueIn(entry)) instanceof ApiKey.Reading.Valid valid
                && !valid.key().isExpired(clock.instant())) {
            return OptionalLong.of(valid.key().teamId());
        }
        return OptionalLong.empty();
    }

    static Bytes bucket(byte[] hash) {
        return Bytes.wrap(Arrays.copyOf(hash, Math.min(BUCKET, hash.length)));
    }

    static byte[] entry(byte[] hash, byte[] value) {
        return ByteBuffer.allocate(Integer.BYTES + hash.length + value.length)
                .putInt(hash.length)
                .put(hash)
                .put(value)
                .array();
    }

    private static byte[] hashIn(byte[] entry) {
        return Arrays.copyOfRange(entry, Integer.BYTES, endOfHash(entry));
    }

    private static byte[] valueIn(byte[] entry) {
        return Arrays.copyOfRange(entry, endOfHash(entry), entry.length);
    }

    private static int endOfHash(byte[] entry) {
        return Integer.BYTES + ByteBuffer.wrap(entry).getInt();
    }
}
