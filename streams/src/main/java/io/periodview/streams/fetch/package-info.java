/** What consumers fetch, bounded in bytes before it takes memory: each record, and the records of each poll. */
@NullMarked
package io.periodview.streams.fetch;

import org.jspecify.annotations.NullMarked;
