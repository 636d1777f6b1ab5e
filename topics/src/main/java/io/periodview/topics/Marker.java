package io.periodview.topics;

/**
 * A named moment of a period, inside or outside its bounds.
 *
 * @param timestamp milliseconds since the epoch
 */
public record Marker(String name, long timestamp) {}
