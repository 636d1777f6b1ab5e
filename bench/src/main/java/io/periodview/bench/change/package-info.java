/** How soon an event can be read. */
@NullMarked
package io.periodview.bench.change;

import org.jspecify.annotations.NullMarked;
