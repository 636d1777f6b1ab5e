package io.periodview.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TerminalEscaperTest {

    @Test
    void keepsPlainText() {
        assertThat(TerminalEscaper.all("{\"name\":\"Küche 厨房 🍳\",\"a\":\"\\u00fc\"}"))
                .isEqualTo("{\"name\":\"Küche 厨房 🍳\",\"a\":\"\\u00fc\"}");
    }

    @Test
    void escapesControlAndInvisibleCharacters() {
        assertThat(TerminalEscaper.all("a\u001b[2Jb\u0007\u007f\u009b1m\u0000"))
                .isEqualTo("a\\x1b[2Jb\\x07\\x7f\\xc2\\x9b1m\\x00");
        assertThat(TerminalEscaper.all("a\r\n\tb")).isEqualTo("a\\r\\n\\tb");
        // Changes the direction of writing, ends lines, or is invisible.
        assertThat(TerminalEscaper.all("\u202e\u2028\u200b\ue000"))
                .isEqualTo("\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xe2\\x80\\x8b\\xee\\x80\\x80");
    }

    @Test
    void escapesBytesThatAreNotUtf8() {
        assertThat(TerminalEscaper.all(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}))
                .isEqualTo("a\\xffb\\xc3");
        // Two surrogates, as some languages write them.
        assertThat(TerminalEscaper.all(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0xbd}))
                .isEqualTo("\\xed\\xa0\\xbd");
    }

    @Test
    void cutsLongTextBetweenCharactersAndShowsItsSize() {
        assertThat(TerminalEscaper.start("abcd".getBytes(UTF_8), 4)).isEqualTo("abcd");
        assertThat(TerminalEscaper.start("abcde".getBytes(UTF_8), 4)).isEqualTo("abcd… (5 bytes)");
        assertThat(TerminalEscaper.start("abcü!".getBytes(UTF_8), 4)).isEqualTo("abc… (6 bytes)");
        assertThat(TerminalEscaper.start(
                        new byte[] {'a', (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80}, 5))
                .startsWith("a\\x80");
        assertThat(TerminalEscaper.start(new byte[2_000_000], 4)).isEqualTo("\\x00\\x00\\x00\\x00… (2,000,000 bytes)");
    }

    @Test
    void makesOneSafeLineOfAnyBytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            assertThat(TerminalEscaper.all(bytes).codePoints())
                    .as("seed %d", seed)
                    .noneMatch(Character::isISOControl)
                    .noneMatch(c -> c == 0xfffd);
        }
    }
}
