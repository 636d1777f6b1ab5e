/** What the store costs: the time to restore it, memory, disk. */
@NullMarked
package io.periodview.bench.store;

import org.jspecify.annotations.NullMarked;
