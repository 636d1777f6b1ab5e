package io.periodview.streams.localstate;

import java.io.IOException;
import java.nio.file.Path;

/** Another instance has locked the state directory, and has not ended. */
public final class StateDirectoryLockedException extends IOException {

    StateDirectoryLockedException(Path stateDir) {
        super("The state directory " + stateDir + " is in use by another process.");
    }
}
