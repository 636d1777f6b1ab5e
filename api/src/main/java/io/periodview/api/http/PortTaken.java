package io.periodview.api.http;

/** A port cannot be listened on. */
public final class PortTaken extends RuntimeException {

    private final int port;

    PortTaken(int port, Throwable cause) {
        super("Port " + port + " cannot be listened on: " + cause.getMessage(), cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
