package io.periodview.streams;

import java.io.IOException;
import java.nio.file.Path;

/** There is no room for local state. The message says where, and what to do. */
public final class StateDiskFull extends IOException {

    StateDiskFull(Path stateDir) {
        super("The disk of the state directory " + stateDir + " is full: make room there, or choose another with more,"
                + " and start again. What was kept there is restored from Kafka.");
    }
}
