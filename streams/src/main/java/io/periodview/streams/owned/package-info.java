/** What this instance holds: the partitions it owns, how far it is in them, and the copies it keeps for others. */
@NullMarked
package io.periodview.streams.owned;

import org.jspecify.annotations.NullMarked;
