package io.periodview.api.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwarderTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "a=b&c=d+e%20f, a=b&c=d+e%20f",
                "x=%C3%bc%00, x=%C3%bc%00",
                "x=[\"a\"], x=%5B%22a%22%5D",
                "ü=😀, %C3%BC=%F0%9F%98%80",
                "x={}|\\^`<>#, x=%7B%7D%7C%5C%5E%60%3C%3E%23",
                "%, %25",
                "x=%&y=%2, x=%25&y=%252",
                "x=%zz%4g, x=%25zz%254g"
            })
    void aForwardedQueryHasOnlyLegalUriCharacters(String query, String sent) {
        assertThat(Forwarder.sendable(query)).isEqualTo(sent);
        assertThat(URI.create("http://h/?" + Forwarder.sendable(query)).getRawQuery())
                .isEqualTo(Forwarder.sendable(query));
    }
}
