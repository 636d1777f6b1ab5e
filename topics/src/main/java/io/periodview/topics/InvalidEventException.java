package io.periodview.topics;

/**
 * Leaves the parser from wherever it is; never leaves this package. It has no stack trace: what is wrong is in the
 * event, not in the code, and ten thousand of them must not slow a partition.
 */
final class InvalidEventException extends Exception {

    private final transient Rejection rejection;

    InvalidEventException(Rejection.Code code, String message) {
        super(message, null, false, false);
        this.rejection = new Rejection(code, message);
    }

    Rejection rejection() {
        return rejection;
    }
}
