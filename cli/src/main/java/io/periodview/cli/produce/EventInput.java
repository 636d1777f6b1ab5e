package io.periodview.cli.produce;

import io.periodview.cli.terminal.CommandFailedException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The bytes of a file or of stdin, decompressed if they are gzip, whatever the file's name. One thread at a time. */
final class EventInput implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final String name;
    private final long size;
    private final Counting raw;
    private final InputStream decompressed;

    private EventInput(String name, long size, InputStream source) throws IOException {
        this.name = name;
        this.size = size;
        this.raw = new Counting(source);
        BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
        this.decompressed = isGzip(buffered) ? new GzipInput(buffered) : buffered;
    }

    /** @throws CommandFailedException if it cannot be opened */
    static EventInput open(Path file) {
        if (!Files.exists(file)) {
            throw new CommandFailedException("There is no file " + file + ".");
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailedException(file + " is a folder, not a file of JSON Lines.");
        }
        try {
            long size = Files.isRegularFile(file) ? Files.size(file) : -1;
            InputStream source = Files.newInputStream(file);
            try {
                return new EventInput(file.toString(), size, source);
            } catch (IOException e) {
                source.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CommandFailedException(file + " cannot be opened: " + e, e);
        }
    }

    /** @throws CommandFailedException if it cannot be read */
    static EventInput of(InputStream stdin) {
        try {
            return new EventInput("stdin", -1, stdin);
        } catch (IOException e) {
            throw new CommandFailedException("stdin cannot be read: " + e.getMessage(), e);
        }
    }

    /** For people. */
    String name() {
        return name;
    }

    InputStream stream() {
        return decompressed;
    }

    /** How much has been read, such as {@code , 12 % of events.jsonl}; empty if the size is unknown. */
    String progress() {
        return size <= 0
                ? ""
                : String.format(Locale.ROOT, ", %.0f %% of %s", 100.0 * Math.min(size, raw.count) / size, name);
    }

    @Override
    public void close() throws IOException {
        decompressed.close();
    }

    private static boolean isGzip(BufferedInputStream input) throws IOException {
        input.mark(2);
        boolean magic = input.read() == 0x1f && input.read() == 0x8b;
        input.reset();
        return magic;
    }

    private static final class Counting extends FilterInputStream {

        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            count += Math.max(n, 0);
            return n;
        }
    }
}
