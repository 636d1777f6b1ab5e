/** The partitions assigned to this instance: its role in each, the offsets it has applied, restoration and standby lag. */
@NullMarked
package io.periodview.streams.partition;

import org.jspecify.annotations.NullMarked;
