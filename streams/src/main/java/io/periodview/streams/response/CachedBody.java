package io.periodview.streams.response;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A response body in memory that many readers may have at once; closing it does nothing. Immutable, thread-safe. */
public final class CachedBody implements ResponseBody {

    private final byte[] body;
    private final long rows;
    /** Compressed when it is first wanted so. */
    private volatile @Nullable CachedBody gzipped;

    CachedBody(byte[] body, long rows) {
        this.body = body;
        this.rows = rows;
    }

    @Override
    public long length() {
        return body.length;
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
            gzipped = known;
        }
        return known;
    }

    @Override
    public void close() {}
}
