package io.periodview.streams.owned;

import java.util.List;

/**
 * A period as it is in memory at one moment.
 *
 * @param version of the period's actions
 * @param period its row as in the store
 * @param rows of its actions, in the order in which they are shown
 */
public record Live(long version, byte[] period, List<LiveRow> rows) {}
