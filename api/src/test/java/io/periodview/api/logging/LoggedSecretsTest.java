package io.periodview.api.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import io.periodview.topics.NewApiKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the encoders of the log leave out, as logback.xml sets them up. */
class LoggedSecretsTest {

    private final LoggerContext context = new LoggerContext();

    LoggedSecretsTest() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @SuppressWarnings("unchecked")
    private String line(LogFormat format, String message, @Nullable Throwable failure) throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormat.class.getResource("/logback.xml"));
        Logger logger = context.getLogger("a.Logger");
        Encoder<ILoggingEvent> encoder = new JsonLines();
        if (format == LogFormat.TEXT) {
            encoder = ((OutputStreamAppender<ILoggingEvent>)
                            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR"))
                    .getEncoder();
        }
        return new String(encoder.encode(new LoggingEvent("fqcn", logger, Level.TRACE, message, failure, null)), UTF_8);
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void keysAreMasked(LogFormat format) throws JoranException {
        String key = NewApiKey.generate().reveal();
        for (String message : List.of(
                "Authorization: Bearer " + key,
                "[Host: x, Authorization: Bearer " + key + ", Accept: */*]",
                "GET / HTTP/1.1\r\nAuthorization: bearer " + key + "\r\n\r\n",
                "{\"authorization\":\"Bearer " + key + "\"}",
                "authorization=[Bearer " + key + "]",
                "?key=" + key + "&x",
                key.substring(0, 20) + "...")) {
            for (String line : List.of(
                    line(format, message, null), line(format, "x", new IllegalStateException("was " + message)))) {
                assertThat(line).contains("***").doesNotContain(key).doesNotContain(key.substring(3, 12));
            }
        }
        assertThat(line(format, "Authorization: Bearer another-kind-of-key", null))
                .doesNotContain("another-kind");
        assertThat(line(format, "Authorization: Basic dXNlcjpwdw==", null)).doesNotContain("dXNlcjpwdw");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void otherTextStaysAsItIs(LogFormat format) throws JoranException {
        for (String message : List.of(
                "GET /periods team=4 status=200 ms=1.0 rows=1 key=dashboard client=10.0.0.21",
                "An API key is needed: Authorization: Bearer <api key>.",
                "Topic api-keys does not exist; größe 😀")) {
            assertThat(line(format, message, null)).contains(message);
        }
    }

    @Test
    void aMessageIsOneLine() throws JoranException {
        assertThat(line(LogFormat.JSON, "a\n\u202eb\u2028c\u009b", null))
                .contains("\"message\":\"a\\n\\u202eb\\u2028c\\u009b\"}\n");
        assertThat(line(LogFormat.TEXT, "x", new IllegalStateException("\u001b[31m\u202eb")))
                .contains("IllegalStateException: \\u001b[31m\\u202eb\n\tat ");
        assertThat(line(LogFormat.TEXT, "a\n2026 ERROR x: \u202eb\u2028c\r", null))
                .endsWith(" a\\u000a2026 ERROR x: \\u202eb\\u2028c\\u000d" + System.lineSeparator());
    }
}
