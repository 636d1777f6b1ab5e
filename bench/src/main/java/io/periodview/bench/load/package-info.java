/** Change events to measure with: real ones, repeated, and made ones. */
@NullMarked
package io.periodview.bench.load;

import org.jspecify.annotations.NullMarked;
