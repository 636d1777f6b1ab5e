package io.periodview.streams.view;

import org.apache.kafka.streams.state.HostInfo;

/** What became of a question. */
public sealed interface Result {

    /** The answer, all of it, as it was at one moment. The caller closes it. */
    record Found(Answer answer) implements Result {}

    /** This instance holds the team's data, and there is no such period in it. */
    record NotFound() implements Result {}

    /** Ask that instance: it holds the team's data. */
    record Elsewhere(HostInfo host) implements Result {}

    /**
     * Nobody can answer for now; ask again.
     *
     * @param why one line for a person
     */
    record NotReady(String why) implements Result {}
}
