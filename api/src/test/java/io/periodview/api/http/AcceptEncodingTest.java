package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "x-gzip",
                " GZip ",
                "gzip;q=1",
                "gzip ; q=0.1",
                "br, gzip",
                "*",
                "*;q=0.1",
                "br;q=1, *;q=0.2",
                "identity;q=0, *",
                "gzip, identity",
                "identity;q=0.5, gzip;q=0.5",
                "gzip;q=0, x-gzip"
            })
    void gzipIsAccepted(String accepted) {
        assertThat(isGzipWanted(accepted)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ";",
                ";;,;",
                "identity",
                "br",
                "gzip;q=0",
                "gzip;q=0.000",
                "gzip;Q=0",
                "gzip;q=",
                "gzip;q=high",
                "gzip;q=NaN",
                "gzip;q=-1",
                "gzip;q=0, *",
                "*;q=0",
                "gzip;q=0.5, identity",
                "identity;q=0",
                "gzipped",
                "q=1;gzip"
            })
    void gzipIsNotAccepted(String accepted) {
        assertThat(isGzipWanted(accepted)).isFalse();
    }

    @Test
    void severalHeadersCountAsOneList() {
        assertThat(isGzipWanted("br", "gzip")).isTrue();
        assertThat(isGzipWanted("gzip;q=0.1", "identity")).isFalse();
        assertThat(isGzipWanted()).isFalse();
        assertThat(AcceptEncoding.isGzipWanted(null)).isFalse();
    }

    private static boolean isGzipWanted(String... headers) {
        return AcceptEncoding.isGzipWanted(Collections.enumeration(List.of(headers)));
    }
}
