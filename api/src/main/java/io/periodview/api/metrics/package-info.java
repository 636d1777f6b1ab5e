/** What an instance measures, in Prometheus' text format: docs/metrics.md names all of it. */
@NullMarked
package io.periodview.api.metrics;

import org.jspecify.annotations.NullMarked;
