package io.periodview.streams.query;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What a client wants of an answer. Immutable.
 *
 * @param isOwnerRequired rather no answer than a standby's
 * @param atLeast the offsets, by topic of the team's partition, that must be in it; only an owner knows them
 * @param timeout how long to wait for them
 * @param knownVersions of which the client has the answer, so that it need not be sent again
 * @param isAnyKnown the client has an answer and wants none, whatever its version
 */
public record ReadOptions(
        boolean isOwnerRequired,
        Map<String, Long> atLeast,
        Duration timeout,
        Set<String> knownVersions,
        boolean isAnyKnown) {

    /** Any answer, at once. */
    public static final ReadOptions NONE = new ReadOptions(false, Map.of(), Duration.ZERO, Set.of(), false);

    public ReadOptions withTimeout(Duration remaining) {
        return new ReadOptions(isOwnerRequired, atLeast, remaining, knownVersions, isAnyKnown);
    }

    /** Whether no standby can answer. */
    public boolean isForOwner() {
        return isOwnerRequired || !atLeast.isEmpty();
    }
}
