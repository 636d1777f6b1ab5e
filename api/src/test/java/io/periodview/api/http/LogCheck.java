package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks, when all tests of a class are over, that what they sent has left no secret and no error in the log. */
final class LogCheck implements BeforeAllCallback, AfterAllCallback {

    /** What tests send where a client may have something secret. */
    static final String SECRET = "sEcReT-vAlUe";

    private final SharedService service;
    private @Nullable LogLines lines;

    /** @param service whose API keys are secret too */
    LogCheck(SharedService service) {
        this.service = service;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        lines = LogLines.open();
    }

    LogLines lines() {
        return Objects.requireNonNull(lines, "a static field with @RegisterExtension");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        lines().close();
        assertThat(lines().requests()).isNotEmpty();
        List<String> secrets = new ArrayList<>(service.publisher().keys());
        secrets.add(SECRET);
        assertQuiet(lines(), secrets);
    }

    static void assertQuiet(LogLines lines, List<String> secrets) {
        assertThat(lines.all()).noneMatch(line -> secrets.stream().anyMatch(line::contains));
        assertThat(lines.all()).noneMatch(line -> line.startsWith("ERROR"));
    }
}
