/** How many events a second are taken in. */
@NullMarked
package io.periodview.bench.ingest;

import org.jspecify.annotations.NullMarked;
