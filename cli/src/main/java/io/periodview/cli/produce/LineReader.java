package io.periodview.cli.produce;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes into lines at line feeds. A line is a slice of the reader's own buffer, without the line
 * feed, and valid until the next one is asked for. One thread at a time.
 */
final class LineReader {

    private static final int INITIAL_BUFFER = 256 * 1024;
    /** Far beyond an event's 1 MiB; keeps a file without line feeds from filling the memory. */
    static final int MAX_LINE_BYTES = 32 * 1024 * 1024;

    private final InputStream input;
    private byte[] buffer = new byte[INITIAL_BUFFER];
    private int next;
    private int limit;
    private long number;

    LineReader(InputStream input) {
        this.input = input;
    }

    /** A line: {@code buffer[from]} until before {@code buffer[to]}, and its number, counted from 1. */
    record Line(byte[] buffer, int from, int to, long number) {}

    /** The next line, or null at the end; what follows the last line feed is a line unless it is empty. */
    @Nullable
    Line next() throws IOException {
        int searched = next;
        while (true) {
            for (int i = searched; i < limit; i++) {
                if (buffer[i] == '\n') {
                    return line(i, i + 1);
                }
            }
            int length = limit - next;
            if (!fill()) {
                return length == 0 ? null : line(limit, limit);
            }
            searched = next + length;
        }
    }

    /** How many lines were read. */
    long number() {
        return number;
    }

    private Line line(int end, int following) {
        Line line = new Line(buffer, next, end, ++number);
        next = following;
        return line;
    }

    /** Reads more into the buffer, making room if needed; false at the end of the input. */
    private boolean fill() throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, limit - next);
            limit -= next;
            next = 0;
        }
        if (limit == buffer.length) {
            if (limit >= MAX_LINE_BYTES) {
                throw new IOException("line " + (number + 1) + " has more than 32 MiB");
            }
            buffer = Arrays.copyOf(buffer, 2 * limit);
        }
        int count = input.read(buffer, limit, buffer.length - limit);
        limit += Math.max(count, 0);
        return count >= 0;
    }
}
