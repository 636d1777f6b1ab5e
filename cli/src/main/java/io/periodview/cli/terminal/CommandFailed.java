package io.periodview.cli.terminal;

/** A command cannot do what it was asked to. The message is the one line that says why, and what to do about it. */
public final class CommandFailed extends RuntimeException {

    public CommandFailed(String message) {
        super(message);
    }

    /** @param cause shown with {@code --debug} only: the message must do without it */
    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
