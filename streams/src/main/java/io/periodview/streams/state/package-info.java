/** The store: its keys and rows, its settings, and the processor that reads, asks the rules and writes. */
@NullMarked
package io.periodview.streams.state;

import org.jspecify.annotations.NullMarked;
