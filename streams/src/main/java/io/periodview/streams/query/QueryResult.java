package io.periodview.streams.query;

import io.periodview.streams.response.ResponseBody;
import org.jspecify.annotations.Nullable;

/** What became of a query. */
public sealed interface QueryResult {

    /**
     * The answer, complete, as it was at one moment. The caller closes it.
     *
     * @param version what the owner gave it; null from a standby
     */
    record Found(ResponseBody body, @Nullable String version, ReadSource source) implements QueryResult {}

    /** What the client has is still right. */
    record NotModified(String version, ReadSource source) implements QueryResult {}

    /** The team has no such period. */
    record NotFound(ReadSource source) implements QueryResult {}

    /**
     * This instance cannot answer for this team now: ask another, or again later.
     *
     * @param why one line for a person
     */
    record NotHosted(String why) implements QueryResult {}

    /**
     * It is this instance's to answer, and it cannot for now: ask it again later, not another.
     *
     * @param why one line for a person
     */
    record NotReady(String why) implements QueryResult {}
}
