/** What an event does to what is stored: pure functions that know neither Kafka nor RocksDB. */
@NullMarked
package io.periodview.streams.rules;

import org.jspecify.annotations.NullMarked;
