package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventKeyTest {

    @ParameterizedTest
    @CsvSource({"1/2,1,2", "9223372036854775807/1,9223372036854775807,1", "10/90,10,90"})
    void readsCanonicalKeys(String text, long teamId, long id) {
        assertThat(EventKey.parse(text.getBytes(UTF_8))).isEqualTo(new EventKey(teamId, id));
        assertThat(new EventKey(teamId, id).toBytes()).isEqualTo(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1",
                "1/",
                "/1",
                "0/1",
                "1/0",
                "01/1",
                "1/01",
                "+1/1",
                "1/-1",
                "1/1/1",
                " 1/1",
                "1/1 ",
                "a/b",
                "1/9223372036854775808",
                "9999999999999999999/1",
                "1/18446744073709551617",
                "١/١",
                "1/1\u0000",
                "\"1/1\""
            })
    void takesNothingElse(String text) {
        assertThat(EventKey.parse(text.getBytes(UTF_8))).isNull();
    }

    @Test
    void missingKeyIsNone() {
        assertThat(EventKey.parse(null)).isNull();
    }

    @Test
    void describesAnyBytesInOneShortText() {
        assertThat(EventKey.describe(null)).isEqualTo("null");
        assertThat(EventKey.describe("7\n".getBytes(UTF_8))).isEqualTo("\"7\\n\"");
        assertThat(EventKey.describe(new byte[10_000])).hasSizeLessThan(600);
    }
}
