package io.periodview.cli.deadletters;

import io.periodview.cli.terminal.CommandFailedException;
import java.io.PrintWriter;

/** What goes to stdout. If nobody takes it any more, the command must not go on and end as if all were well. */
record StdoutWriter(PrintWriter out) {

    /** @throws CommandFailed if it cannot be written */
    void print(String lines) {
        out.println(lines);
        if (out.checkError()) {
            throw new CommandFailedException("Broken off: stdout was closed, or cannot be written to.");
        }
    }
}
