package io.periodview.api.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private final LoggerContext context = new LoggerContext();

    JsonLinesTest() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @Test
    void aLineIsAnObject() throws IOException {
        String line = encode("{} said \"{}\"\n\u0001é", null, 7, "no");
        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.properties().stream().map(Map.Entry::getKey))
                .containsExactly("timestamp", "level", "logger", "thread", "message");
        assertThat(Instant.parse(json.get("timestamp").asText())).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(json.get("level").asText()).isEqualTo("WARN");
        assertThat(json.get("logger").asText()).isEqualTo("io.periodview.X");
        assertThat(json.get("message").asText()).isEqualTo("7 said \"no\"\n\u0001é");
    }

    @Test
    void anExceptionIsThereWithItsCause() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(encode("It failed", new IllegalStateException("outer", new IOException("inner"))));
        assertThat(json.get("exception").asText())
                .contains("IllegalStateException: outer", "Caused by: java.io.IOException: inner", "JsonLinesTest");
    }

    private String encode(String message, @Nullable Throwable failure, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent("fqcn", context.getLogger("io.periodview.X"), Level.WARN, message, failure, arguments);
        event.setInstant(Instant.ofEpochMilli(1_700_000_000_123L));
        JsonLines encoder = new JsonLines();
        encoder.start();
        return new String(encoder.encode(event), UTF_8);
    }
}
