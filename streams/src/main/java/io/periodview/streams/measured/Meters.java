package io.periodview.streams.measured;

import io.periodview.topics.Rejection;

/**
 * Takes down what an instance does, as it is done. Thread-safe, and fast: the threads that apply events and those that
 * answer readers call it. Whatever is not overridden is not taken down.
 */
public interface Meters {

    /** Takes nothing down. */
    Meters NONE = new Meters() {};

    /** Whose rows an answer shows. */
    enum Source {
        OWNER,
        STANDBY
    }

    /** Where an answer was found. */
    enum From {
        /** Read from RocksDB. */
        STORE,
        /** Rows that are kept in memory. */
        LIVE,
        /** The whole answer was kept in memory. */
        KEPT,
        /** The reader has it already. */
        CLIENT,
        /** There is no such period. */
        NONE
    }

    /** How a wait for a position ended. */
    enum Wait {
        REACHED,
        /** It was not reached in time. */
        LATE,
        /** The partition is not owned here any more. */
        MOVED
    }

    /** An event was applied. */
    default void applied() {}

    /** An event was sent on to its team's partition. */
    default void rerouted() {}

    /** An event went to the dead letters. */
    default void rejected(Rejection.Code code) {}

    /**
     * An event can be seen by readers. Told of some of them only.
     *
     * @param millis since its timestamp; negative if a producer's clock is ahead
     */
    default void visible(long millis) {}

    /** A stream thread failed. */
    default void threadFailed() {}

    /** A partition was restored to its end. */
    default void restored() {}

    /**
     * An answer was made out of this instance's rows.
     *
     * @param rows actions or periods in it
     */
    default void answered(Source source, From from, long rows) {}

    /** A reader had to wait for a position. */
    default void waited(Wait outcome, long nanos) {}
}
