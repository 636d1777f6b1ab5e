/** What is measured of an instance: told by whoever does the work, to whoever shows it. */
@NullMarked
package io.periodview.streams.measured;

import org.jspecify.annotations.NullMarked;
