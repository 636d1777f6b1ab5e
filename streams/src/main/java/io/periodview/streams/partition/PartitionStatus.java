package io.periodview.streams.partition;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this instance hosts, at one moment.
 *
 * @param position of an owner: the last offset by topic, up to which all events are applied
 * @param lag of an owner: offsets between the consumer's position and the end, by topic
 * @param standbyLag of a standby: changelog records that were not applied when it was last observed, or null
 * @param restore how far it is, if the partition is being restored to be owned
 * @param problem why its rows are not shown, or events not read, in a line for a person; null if nothing is wrong
 */
public record PartitionStatus(
        int partition,
        Role role,
        Map<String, Long> position,
        Map<String, Long> lag,
        @Nullable Long standbyLag,
        RestoreProgress.@Nullable Progress restore,
        @Nullable String problem) {

    /** What this instance is to the partition. */
    public enum Role {
        /** It applies the events, and answers as owner. */
        OWNER,
        /** It owns it and does not answer: it has just woken up, or its position is not known yet. */
        UNCONFIRMED,
        /** It owned it when its thread polled last, long ago: it answers as a standby does. */
        CUT_OFF,
        /** It hosts it and neither applies events nor answers: its rows and the topics do not belong together. */
        REFUSED,
        /** It owns it and does not answer: its rows do not show all yet that the topics had when they were begun. */
        BUILDING,
        /** It has a standby that has caught up. */
        STANDBY,
        /** It will be the owner when all is restored. */
        RESTORING,
        /** It will be a standby when it has caught up. */
        CATCHING_UP
    }
}
