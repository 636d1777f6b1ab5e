package io.periodview.streams.query;

import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.CachedBody;
import io.periodview.streams.response.ResponseBody;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Responses that were asked for again while nothing had changed: the third such request finds it in memory. Each
 * stands for one version of what is shown, so none is ever stale; the least recently used go first. Thread-safe.
 */
final class ResponseCache {

    /** Of an entry's objects, its version among them. */
    private static final int OVERHEAD = 200;

    private final long maxBytes;
    private final Map<Query, Cached> byQuery = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param body null after the first time it was asked
     * @param bytes of the heap, with the query
     */
    private record Cached(String version, @Nullable CachedBody body, long bytes) {

        static Cached of(Query query, String version, @Nullable CachedBody body) {
            return new Cached(version, body, OVERHEAD + query.bytes() + (body == null ? 0 : body.bytes()));
        }
    }

    /** @param maxBytes of all responses and what was asked, together */
    ResponseCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Of all responses and what was asked. */
    synchronized long bytes() {
        return bytes;
    }

    synchronized @Nullable ResponseBody get(Query query, String version) {
        Cached cached = byQuery.get(query);
        return cached == null || !cached.version.equals(version) ? null : cached.body;
    }

    /** Takes a copy of the body if it was asked for before; what it has to do with the version is the caller's. */
    void offer(Query query, String version, BufferedBody body) {
        if (isRepeated(query, version)) {
            CachedBody copy = body.cached();
            if (copy != null && copy.length() <= maxBytes / 8) {
                put(query, Cached.of(query, version, copy));
            }
        }
    }

    private synchronized boolean isRepeated(Query query, String version) {
        Cached cached = byQuery.get(query);
        if (cached != null && cached.version.equals(version)) {
            return true;
        }
        put(query, Cached.of(query, version, null));
        return false;
    }

    private synchronized void put(Query query, Cached now) {
        Cached before = byQuery.put(query, now);
        bytes += now.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Cached> oldest = byQuery.values().iterator();
        while (bytes > maxBytes) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
