package io.periodview.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MemorySizeConverterTest {

    @ParameterizedTest
    @CsvSource({"32m,33554432", "256M,268435456", "2g,2147483648", "999999G,1073740750258176"})
    void parsesSizes(String text, long bytes) {
        assertThat(new MemorySizeConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "256", "m", "-1m", "1.5g", "256 m", "256mb", "256k", "1000000g", "31m", "0g"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> new MemorySizeConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is");
    }
}
