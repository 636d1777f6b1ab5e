package io.periodview.streams.response;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A response body in memory that many readers may have at once; closing it does nothing. Immutable, thread-safe. */
public final class CachedBody implements ResponseBody {

    /** JSON becomes a tenth of itself. What does not become this part is not kept compressed as well. */
    private static final int KEPT_PART = 4;

    private final byte[] body;
    private final long rows;
    /** Compressed when it is first wanted so, and kept if that is worth it. */
    private volatile @Nullable CachedBody gzipped;

    CachedBody(byte[] body, long rows) {
        this.body = body;
        this.rows = rows;
    }

    @Override
    public long length() {
        return body.length;
    }

    /** Of the heap, with what may be kept of it compressed. */
    public long bytes() {
        return body.length + body.length / KEPT_PART;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(body);
    }

    @Override
    public ResponseBody gzipped() throws IOException {
        CachedBody known = gzipped;
        if (known == null) {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 4);
            try (OutputStream gzip = new FastGzip(compressed)) {
                gzip.write(body);
            }
            known = new CachedBody(compressed.toByteArray(), rows);
            if (known.length() <= body.length / KEPT_PART) {
                gzipped = known;
            }
        }
        return known;
    }

    @Override
    public void close() {}
}
