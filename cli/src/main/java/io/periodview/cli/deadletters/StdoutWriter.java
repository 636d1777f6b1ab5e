package io.periodview.cli.deadletters;

import io.periodview.cli.terminal.CommandFailedException;
import java.io.PrintWriter;

/** Prints to stdout. If stdout is closed, the command must fail rather than end as if all were well. */
record StdoutWriter(PrintWriter out) {

    /** @throws CommandFailedException if it cannot be written */
    void print(String lines) {
        out.println(lines);
        if (out.checkError()) {
            throw new CommandFailedException("Aborted: stdout is closed or cannot be written to.");
        }
    }
}
