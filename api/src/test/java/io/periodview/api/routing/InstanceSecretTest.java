package io.periodview.api.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceSecretTest {

    private static final String SECRET = "x".repeat(InstanceSecret.MIN_BYTES);

    @TempDir
    Path folder;

    private InstanceSecret read(String content) throws IOException {
        return InstanceSecret.read(Files.writeString(folder.resolve("secret"), content));
    }

    @Test
    void aNewlineAtTheEndDoesNotCount() throws IOException {
        List<String> text = List.of("a");
        assertThat(read(SECRET + "\n").hmac(text)).isEqualTo(read(SECRET).hmac(text));
        assertThat(read(SECRET + "\r\n").hmac(text)).isEqualTo(read(SECRET).hmac(text));
        assertThat(read(SECRET + "y").hmac(text)).isNotEqualTo(read(SECRET).hmac(text));
    }

    @Test
    void whatIsTooShortOrTooLongIsNoSecret() {
        for (String none : List.of("", "\n", SECRET.substring(1) + "\n", SECRET.repeat(1_000))) {
            assertThatThrownBy(() -> read(none)).isInstanceOf(IOException.class).hasMessageContaining("bytes");
        }
    }

    @Test
    void noTextReachesIntoTheNext() {
        InstanceSecret secret = InstanceSecret.random();
        assertThat(secret.hmac(List.of("ab", "c"))).isNotEqualTo(secret.hmac(List.of("a", "bc")));
        assertThat(secret.hmac(List.of("a", ""))).isNotEqualTo(secret.hmac(List.of("a")));
    }
}
