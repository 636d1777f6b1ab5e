package io.periodview.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2024-07-18T18:30:00.000Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18T18:30:00Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18T18:30Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18t18:30:00.5z, 2024-07-18T18:30:00.500Z",
        "'2024-07-18T18:30:00,25Z', 2024-07-18T18:30:00.250Z",
        "2024-07-18T18:30:00.1239999999999999999Z, 2024-07-18T18:30:00.123Z",
        "2024-07-18T20:30:00+02:00, 2024-07-18T18:30:00.000Z",
        "2024-07-18T20:30:00+0200, 2024-07-18T18:30:00.000Z",
        "2024-07-18T20:30:00+02, 2024-07-18T18:30:00.000Z",
        "2024-02-29T23:59:59.999-23:59, 2024-03-01T23:58:59.999Z",
        "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    })
    void readsTimesRoundedDownToTheMillisecond(String text, String served) {
        assertThat(IsoTime.format(IsoTime.parse(text).orElseThrow())).isEqualTo(served);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2024-07-18",
                "2024-07-18T18:30:00",
                "2024-07-18 18:30:00Z",
                "2024-07-18T18Z",
                "2024-7-18T18:30:00Z",
                "2024-13-01T00:00:00Z",
                "2024-00-01T00:00:00Z",
                "2023-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2024-07-32T00:00:00Z",
                "2024-07-18T24:00:00Z",
                "2024-07-18T18:60:00Z",
                "2024-07-18T18:30:60Z",
                "2024-07-18T18:30:00.Z",
                "2024-07-18T18:30.5Z",
                "2024-07-18T18:30:00ZZ",
                "2024-07-18T18:30:00Z ",
                " 2024-07-18T18:30:00Z",
                "2024-07-18T18:30:00+24:00",
                "2024-07-18T18:30:00+02:60",
                "2024-07-18T18:30:00+2",
                "2024-07-18T18:30:00+02:",
                "2024-07-18T18:30:00+020",
                "1721327400000",
                "+12024-07-18T18:30:00Z",
                "9999-12-31T23:59:59-01:00",
                "0000-01-01T00:00:00+01:00",
                "٢٠٢٤-07-18T18:30:00Z"
            })
    void takesNothingElse(String text) {
        assertThat(IsoTime.parse(text)).isEmpty();
    }

    @Test
    void agreesWithJavaTime() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        DateTimeFormatter served =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        for (int i = 0; i < 200_000; i++) {
            long time = random.nextLong(IsoTime.MIN, IsoTime.MAX + 1);
            int offset = random.nextInt(-18 * 60, 18 * 60 + 1);
            assertThat(IsoTime.format(time)).as("seed %d", seed).isEqualTo(served.format(Instant.ofEpochMilli(time)));
            OffsetDateTime there = Instant.ofEpochMilli(time).atOffset(ZoneOffset.ofTotalSeconds(offset * 60));
            if (there.getYear() >= 0 && there.getYear() <= 9999) {
                assertThat(IsoTime.parse(there.toString()))
                        .as("seed %d: %s", seed, there)
                        .hasValue(time);
            }
        }
    }
}
