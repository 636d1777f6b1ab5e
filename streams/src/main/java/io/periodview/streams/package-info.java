/** What becomes of the events: intake, rules, state, view. */
@NullMarked
package io.periodview.streams;

import org.jspecify.annotations.NullMarked;
