package io.periodview.api.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void whatCanBeSeenStaysAsItIs() {
        assertThat(LogText.of("/periods/größe/😀 \\\"'")).isEqualTo("/periods/größe/😀 \\\"'");
        assertThat(LogText.of("")).isEmpty();
    }

    @Test
    void whatCannotBeSeenIsEscaped() {
        assertThat(LogText.of("a\r\nb\tc\u001b[31m")).isEqualTo("a\\u000d\\u000ab\\u0009c\\u001b[31m");
        assertThat(LogText.of("\u2028\u2029\u0085\u202e\u2066\ufeff"))
                .isEqualTo("\\u2028\\u2029\\u0085\\u202e\\u2066\\ufeff");
        assertThat(LogText.of("\ud800x")).isEqualTo("\\ud800x");
    }

    @Test
    void noMoreThanTwoHundredCharactersAreShown() {
        String whole = "x".repeat(LogText.MAX_LENGTH);
        assertThat(LogText.of(whole)).isEqualTo(whole);
        assertThat(LogText.of(whole + "y")).isEqualTo("x".repeat(199) + "…");
        for (String each : new String[] {"\n", "😀", "x\u202e"}) {
            assertThat(LogText.of(each.repeat(1_000))).endsWith("…").hasSizeBetween(190, LogText.MAX_LENGTH);
        }
    }
}
