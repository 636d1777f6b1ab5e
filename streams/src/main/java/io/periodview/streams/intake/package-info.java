/** From the bytes of a record to a change, or to a rejection with its reason. */
@NullMarked
package io.periodview.streams.intake;

import org.jspecify.annotations.NullMarked;
