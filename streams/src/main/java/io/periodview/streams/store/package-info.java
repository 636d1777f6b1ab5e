/** What is stored: the bytes of keys and rows, and the RocksDB store of a partition. */
@NullMarked
package io.periodview.streams.store;

import org.jspecify.annotations.NullMarked;
