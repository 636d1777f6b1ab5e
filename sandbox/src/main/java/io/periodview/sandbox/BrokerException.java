package io.periodview.sandbox;

import org.jspecify.annotations.Nullable;

/** The broker cannot be started or stopped; the message says why and what to do about it. */
public final class BrokerException extends RuntimeException {

    BrokerException(String message) {
        super(message);
    }

    BrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
