/** What an event means for a period and an action: pure functions that know neither Kafka nor RocksDB. */
@NullMarked
package io.periodview.streams.domain;

import org.jspecify.annotations.NullMarked;
