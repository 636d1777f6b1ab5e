/** Budgets of memory. */
@NullMarked
package io.periodview.streams.memory;

import org.jspecify.annotations.NullMarked;
