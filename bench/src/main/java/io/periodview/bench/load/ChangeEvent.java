package io.periodview.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * One record to publish.
 *
 * @param team that the key begins with
 * @param timestamp the record's, in milliseconds since the epoch
 * @param value null for a deletion
 */
public record ChangeEvent(boolean isPeriod, long team, String key, long timestamp, byte @Nullable [] value) {}
