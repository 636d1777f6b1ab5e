package io.periodview.streams.view;

import java.io.IOException;

/** This instance has no room for an answer: on its disk, or within what answers may take of it. */
public final class NoAnswerSpace extends IOException {

    NoAnswerSpace(String message) {
        super(message);
    }

    NoAnswerSpace(IOException cause) {
        super("An answer could not be written to a temporary file", cause);
    }
}
