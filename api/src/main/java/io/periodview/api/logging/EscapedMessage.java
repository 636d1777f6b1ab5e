package io.periodview.api.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * The message of an event, in one line whatever is in it: nobody who chooses a part of it can make it look like two. To be
 * named in logback.xml. Thread-safe.
 */
public final class EscapedMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return message == null ? "" : LogText.escaped(message);
    }
}
