package io.periodview.cli.terminal;

/** A command failed. The message is the one line that says why, and what to do about it. */
public final class CommandFailedException extends RuntimeException {

    public CommandFailedException(String message) {
        super(message);
    }

    /** @param cause shown with {@code --debug} only: the message must do without it */
    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
