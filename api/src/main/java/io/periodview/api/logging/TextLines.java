package io.periodview.api.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Lines for people, without API keys and without what a terminal would act on, stack traces included. To be named in logback.xml. Thread-safe. */
public final class TextLines extends PatternLayoutEncoder {

    @Override
    public byte[] encode(ILoggingEvent event) {
        String lines = Secrets.masked(getLayout().doLayout(event));
        return LogText.escapedLines(lines).getBytes(UTF_8);
    }
}
