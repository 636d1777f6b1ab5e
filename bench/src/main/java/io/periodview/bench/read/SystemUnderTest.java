package io.periodview.bench.read;

import java.io.IOException;

/** Somebody who answers: in a process of its own, on a port. */
interface SystemUnderTest extends AutoCloseable {

    int port();

    /** What each request needs beside its path; each with its line end. */
    String headers();

    /** Changes an action of the team, and returns when readers see it. One thread for each period at a time. */
    void change(long actionId) throws Exception;

    @Override
    void close() throws IOException;
}
