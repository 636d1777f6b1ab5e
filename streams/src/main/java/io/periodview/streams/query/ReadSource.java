package io.periodview.streams.query;

import java.util.Map;

/** Whose rows an answer shows. */
public sealed interface ReadSource {

    /**
     * The owner's: every event up to and including these offsets is in it.
     *
     * @param partition of every topic
     * @param position the last offset by topic
     */
    record Owner(int partition, Map<String, Long> position) implements ReadSource {}

    /**
     * A standby's.
     *
     * @param lag changelog records, or events, that it had not applied when it was last observed
     */
    record Standby(long lag) implements ReadSource {}
}
