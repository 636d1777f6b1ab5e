/** What people would build instead, on PostgreSQL. */
@NullMarked
package io.periodview.bench.peer;

import org.jspecify.annotations.NullMarked;
