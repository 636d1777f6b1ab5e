package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void linesEndAtLineFeeds() throws IOException {
        assertThat(lines("a\nb\n")).containsExactly("1 a", "2 b");
    }

    @Test
    void theLastLineNeedsNoLineFeed() throws IOException {
        assertThat(lines("a\nb")).containsExactly("1 a", "2 b");
    }

    @Test
    void emptyLinesCount() throws IOException {
        assertThat(lines("\n\r\n\na")).containsExactly("1 ", "2 \r", "3 ", "4 a");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void readsLinesLongerThanTheBuffer() throws IOException {
        String longLine = "ü".repeat(700_000);

        assertThat(lines("a\n" + longLine + "\nb")).containsExactly("1 a", "2 " + longLine, "3 b");
    }

    @Test
    void refusesALineThatNeverEnds() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return length;
            }
        };

        assertThatThrownBy(() -> new LineReader(endless).next())
                .isInstanceOf(IOException.class)
                .hasMessage("line 1 has more than 32 MiB");
    }

    /** One byte at a time, as a slow pipe may deliver them. */
    private static List<String> lines(String text) throws IOException {
        InputStream trickle = new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 7));
            }
        };
        LineReader reader = new LineReader(trickle);
        List<String> lines = new ArrayList<>();
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            lines.add(line.number() + " " + new String(line.buffer(), line.from(), line.to() - line.from(), UTF_8));
        }
        return lines;
    }
}
