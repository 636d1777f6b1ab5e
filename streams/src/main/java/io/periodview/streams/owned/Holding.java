package io.periodview.streams.owned;

import io.periodview.streams.owned.Restorations.Restoration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this instance holds, at one moment.
 *
 * @param position of an owner: the last offset by topic, up to which all events are applied
 * @param lag of an owner: offsets between what is read and the end, by topic
 * @param behind of a copy: changelog records that were not applied at the last look, null if nobody has looked
 * @param restoration how far it is, if the partition is being restored to be owned
 */
public record Holding(
        int partition,
        Role role,
        Map<String, Long> position,
        Map<String, Long> lag,
        @Nullable Long behind,
        @Nullable Restoration restoration) {

    /** What this instance is to the partition. */
    public enum Role {
        /** It applies the events, and answers as owner. */
        OWNER,
        /** It is owner and does not say so: its thread has been silent for long, or its position is not known yet. */
        DOUBTFUL,
        /** It has a caught-up copy. */
        STANDBY,
        /** It will be the owner, when all is restored. */
        RESTORING,
        /** It will be standby, when its copy has caught up. */
        CATCHING_UP
    }
}
