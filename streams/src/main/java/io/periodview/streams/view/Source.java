package io.periodview.streams.view;

import java.util.Map;

/** Whose answer it is. */
public sealed interface Source {

    /**
     * The owner's: everything up to and including these offsets is in it.
     *
     * @param partition of every topic
     * @param position the last offset by topic
     */
    record Owner(int partition, Map<String, Long> position) implements Source {}

    /**
     * A copy's.
     *
     * @param lag changelog records that were not in it at the last look
     */
    record Standby(long lag) implements Source {}
}
