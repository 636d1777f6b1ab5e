package io.periodview.sandbox;

import org.jspecify.annotations.Nullable;

/** The broker cannot be started or stopped. The message says why and what to do. */
public final class BrokerException extends RuntimeException {

    BrokerException(String message) {
        super(message);
    }

    BrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
