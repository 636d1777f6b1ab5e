package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {

    @ParameterizedTest
    @ValueSource(strings = {"Bearer k", "bearer k", "BEARER k", "Bearer   k", "Bearer k  "})
    void theKeyFollowsTheScheme(String header) {
        assertThat(of(header)).isEqualTo("k");
    }

    @Test
    void theKeyIsNotParsed() {
        assertThat(of("Bearer Bearer")).isEqualTo("Bearer");
        assertThat(of("Bearer a,b=;\u00e4")).isEqualTo("a,b=;\u00e4");
        assertThat(of("Bearer ")).isEmpty(); // which opens nothing
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "Bearer", "Bearersecret", "Basic secret", " Bearer secret", "Bearer\tsecret"})
    void anyOtherFormIs401AndNotRepeatedInTheMessage(String header) {
        assertThatThrownBy(() -> of(header))
                .isInstanceOfSatisfying(ApiError.class, error -> {
                    assertThat(error.status()).isEqualTo(401);
                    assertThat(error.headers()).isEqualTo(Map.of("WWW-Authenticate", "Bearer"));
                })
                .hasMessage("The Authorization header is not one of the form: Bearer <api key>.");
    }

    @Test
    void noHeaderAndSeveralHeadersAre401() {
        assertThatThrownBy(() -> of("Bearer a", "Bearer a")).isInstanceOf(ApiError.class);
        assertThatThrownBy(() -> of())
                .isInstanceOf(ApiError.class)
                .hasMessage("An API key is needed: Authorization: Bearer <api key>.");
        assertThatThrownBy(() -> BearerToken.of(null)).isInstanceOf(ApiError.class);
    }

    private static String of(String... headers) {
        return BearerToken.of(Collections.enumeration(List.of(headers)));
    }
}
