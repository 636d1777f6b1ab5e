/** The read side: from a query to its result; it cannot write. */
@NullMarked
package io.periodview.streams.query;

import org.jspecify.annotations.NullMarked;
