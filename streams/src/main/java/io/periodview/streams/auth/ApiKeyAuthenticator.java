package io.periodview.streams.auth;

import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Tells which team an API key belongs to. Thread-safe.
 *
 * <p>A key is only ever handled as its SHA-256. The first half of the hash finds the entry, and the whole is compared in a
 * time that does not depend on where it differs.
 */
public final class ApiKeyAuthenticator {

    /** Hex digits: 128 bits, in which no two keys agree. */
    private static final int BUCKET = 32;

    private static final int MAX_KNOWN = 10_000;

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final Clock clock;

    /** Entries that were read before, so that a poll parses none; no more than a service has clients. */
    private final Map<Bytes, Known> known = new ConcurrentHashMap<>();

    /** @param entry as in the store, of which the key was read; another array is another entry */
    private record Known(byte[] entry, ApiKey key) {}

    public ApiKeyAuthenticator(ReadOnlyKeyValueStore<Bytes, byte[]> store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What is known of a key that a client sent, or null if the key is unknown, revoked, malformed or expired. */
    public @Nullable ApiKey authenticate(String key) {
        byte[] hash = ApiKeyHash.of(key).toBytes();
        Bytes bucket = bucket(hash);
        byte[] entry = store.get(bucket);
        if (entry != null && MessageDigest.isEqual(hashIn(entry), hash)) {
            ApiKey valid = read(bucket, entry);
            if (valid != null && !valid.isExpired(clock.instant())) {
                return valid;
            }
        }
        return null;
    }

    private @Nullable ApiKey read(Bytes bucket, byte[] entry) {
        Known before = known.get(bucket);
        if (before != null && Arrays.equals(before.entry, entry)) {
            return before.key;
        }
        if (!(ApiKey.read(valueIn(entry)) instanceof ApiKey.Reading.Valid valid)) {
            return null;
        }
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.put(bucket, new Known(entry, valid.key()));
        return valid.key();
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
