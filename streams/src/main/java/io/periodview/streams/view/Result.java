package io.periodview.streams.view;

import org.jspecify.annotations.Nullable;

/** What became of a question. */
public sealed interface Result {

    /**
     * The answer, all of it, as it was at one moment. The caller closes it.
     *
     * @param version what the owner gave it; null from a standby
     */
    record Found(Answer answer, @Nullable String version, Source source) implements Result {}

    /** What the reader has is still right. */
    record NotModified(String version, Source source) implements Result {}

    /** The team has no such period. */
    record NotFound(Source source) implements Result {}

    /**
     * This instance cannot answer for this team now; another may.
     *
     * @param why one line for a person
     */
    record NotHere(String why) implements Result {}

    /**
     * It is this instance's to answer, and it cannot for now; ask again.
     *
     * @param why one line for a person
     */
    record NotReady(String why) implements Result {}
}
