/** The inner steps, one by one, with JMH: what an event costs before anything goes over a wire, and what a read does. */
@NullMarked
package io.periodview.bench.steps;

import org.jspecify.annotations.NullMarked;
