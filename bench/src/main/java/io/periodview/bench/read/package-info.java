/** How many answers a second are given. */
@NullMarked
package io.periodview.bench.read;

import org.jspecify.annotations.NullMarked;
