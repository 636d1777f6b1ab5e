package io.periodview.api.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.periodview.topics.Json;
import java.util.Map;

/**
 * A JSON object a line: {@code timestamp} (ISO 8601, UTC), {@code level}, {@code logger}, {@code thread}, {@code message}
 * (whole, as a person would read it), and where there is one the {@code exception} with its trace. API keys are left out. Logback's own encoder
 * writes the time as a number and the message in parts. Thread-safe.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        member(line.append('{'), "timestamp", event.getInstant().toString());
        member(line.append(','), "level", event.getLevel().toString());
        member(line.append(','), "logger", event.getLoggerName());
        member(line.append(','), "thread", event.getThreadName());
        member(line.append(','), "message", event.getFormattedMessage());
        for (Map.Entry<String, String> each : event.getMDCPropertyMap().entrySet()) {
            member(line.append(','), "mdc." + each.getKey(), each.getValue());
        }
        if (event.getThrowableProxy() != null) {
            member(line.append(','), "exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        // What cannot be seen is in strings only, and is escaped there as JSON does.
        return (Secrets.masked(LogText.escaped(line.append('}').toString())) + "\n").getBytes(UTF_8);
    }

    private static void member(StringBuilder line, String name, String value) {
        line.append(Json.quote(name)).append(':').append(Json.quote(String.valueOf(value)));
    }
}
