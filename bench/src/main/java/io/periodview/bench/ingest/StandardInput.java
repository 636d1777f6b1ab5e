package io.periodview.bench.ingest;

import java.io.IOException;

/** What the bench tells a contender: to begin again, by a line; to end, when it closes the input, or dies. */
public final class StandardInput {

    private StandardInput() {}

    public static void awaitEnd() throws IOException {
        while (isAgain()) {
            // nothing that could begin again
        }
    }

    /** Waits for the next word; false at the end. */
    static boolean isAgain() throws IOException {
        int next = System.in.read();
        while (next >= 0 && next != '\n') {
            next = System.in.read();
        }
        return next >= 0;
    }
}
