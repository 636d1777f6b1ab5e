package io.periodview.streams;

import java.io.IOException;
import java.nio.file.Path;

/** Another instance keeps its state there, and has not ended. */
public final class StateDirectoryInUse extends IOException {

    StateDirectoryInUse(Path stateDir) {
        super("The state directory " + stateDir + " is in use by another process.");
    }
}
