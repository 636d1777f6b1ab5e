package io.periodview.api.http;

import java.net.BindException;

/** A port cannot be listened on. */
public final class PortTakenException extends RuntimeException {

    private final int port;

    PortTakenException(String bind, int port, Throwable cause) {
        super(bind + ":" + port + " cannot be listened on: " + reason(cause) + ".", cause);
        this.port = port;
    }

    /** The operating system's words, such as "Address already in use". */
    private static String reason(Throwable cause) {
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof BindException && inner.getMessage() != null) {
                return inner.getMessage();
            }
        }
        return String.valueOf(cause.getMessage());
    }

    public int port() {
        return port;
    }
}
