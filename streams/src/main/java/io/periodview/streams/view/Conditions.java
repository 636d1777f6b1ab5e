package io.periodview.streams.view;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What a reader asks of an owner's answer.
 *
 * @param atLeast the offsets, by topic, that must be in it
 * @param patience with them, at most
 * @param known versions that the reader has, so that their answer need not come again
 */
public record Conditions(Map<String, Long> atLeast, Duration patience, Set<String> known) {

    public static final Conditions NONE = new Conditions(Map.of(), Duration.ZERO, Set.of());
}
