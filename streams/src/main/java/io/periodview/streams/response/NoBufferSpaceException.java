package io.periodview.streams.response;

import java.io.IOException;

/** This instance has no room for a response: on its disk, or within what responses may take of it. */
public final class NoBufferSpaceException extends IOException {

    /** Whether a limit was reached, which the reader learns; else something is wrong with the disk, for an operator. */
    public boolean isLimit() {
        return getCause() == null;
    }

    NoBufferSpaceException(String message) {
        super(message);
    }

    NoBufferSpaceException(IOException cause) {
        super("A response could not be written to a temporary file", cause);
    }
}
