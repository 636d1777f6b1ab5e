package io.periodview.streams.metrics;

import io.periodview.topics.Rejection;

/**
 * What an instance reports of its work, as it is done. Thread-safe, and fast: the threads that apply events and those that
 * answer requests call it. What is not overridden is not recorded.
 */
public interface ServiceMetrics {

    /** Records nothing. */
    ServiceMetrics NONE = new ServiceMetrics() {};

    /** Whose rows an answer shows. */
    enum Role {
        OWNER,
        STANDBY
    }

    /** Where an answer came from. */
    enum ServedFrom {
        /** Read from RocksDB. */
        ROCKSDB,
        /** Rows of a hot period in memory. */
        ROW_CACHE,
        /** A whole response in memory. */
        RESPONSE_CACHE,
        /** The client has it already. */
        NOT_MODIFIED,
        /** There is no such period. */
        NOT_FOUND
    }

    /** How a wait for a position ended. */
    enum Wait {
        REACHED,
        /** It was not reached in time. */
        LATE,
        /** The partition is not owned here any more. */
        MOVED
    }

    /** An event is applied, before its transaction commits; after an abort it is applied, and counts, again. */
    default void applied() {}

    /** An event was rerouted to its team's partition, where it counts again. */
    default void rerouted() {}

    /** An event went to the dead letters. */
    default void rejected(Rejection.Code code) {}

    /**
     * An event can be seen by readers. Reported of some of them only.
     *
     * @param millis since its timestamp; negative if a producer's clock is ahead
     */
    default void visible(long millis) {}

    /** Events were deleted from a topic before they were applied. */
    default void lost(long offsets) {}

    /** A stream thread failed. */
    default void threadFailed() {}

    /** A partition was restored to its end. */
    default void restored() {}

    /**
     * An answer was made out of this instance's rows.
     *
     * @param rows actions or periods in it
     */
    default void answered(Role role, ServedFrom from, long rows) {}

    /** A request had to wait for a position. */
    default void waited(Wait outcome, long nanos) {}
}
