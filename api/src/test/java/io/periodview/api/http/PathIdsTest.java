package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathIdsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 0, -1, 10, Long.MAX_VALUE, Long.MIN_VALUE})
    void anyCanonical64BitIntegerIsAccepted(long id) {
        assertThat(PathIds.period(Long.toString(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "1 ",
                " 1",
                "+1",
                "-",
                "-0",
                "00",
                "01",
                "-01",
                "1.0",
                "1e1",
                "0x1",
                "1L",
                "1_000",
                "\u0661",
                "\uFF11",
                "9223372036854775808",
                "-9223372036854775809"
            })
    void anythingElseIs400(String text) {
        assertThatThrownBy(() -> PathIds.period(text))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("Invalid period_id. It must be a valid integer for your team.");
    }
}
