/** How soon an event can be read. */
@NullMarked
package io.periodview.bench.freshness;

import org.jspecify.annotations.NullMarked;
