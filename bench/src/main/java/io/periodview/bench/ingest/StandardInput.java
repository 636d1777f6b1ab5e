package io.periodview.bench.ingest;

import java.io.IOException;

/** A contender ends when the bench closes its standard input, or dies. */
public final class StandardInput {

    private StandardInput() {}

    public static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // nothing is sent; only the end counts
        }
    }
}
