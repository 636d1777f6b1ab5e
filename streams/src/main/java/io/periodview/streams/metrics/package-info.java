/** The events that an instance reports to whatever collects metrics. */
@NullMarked
package io.periodview.streams.metrics;

import org.jspecify.annotations.NullMarked;
