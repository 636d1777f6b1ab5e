/** Whether the rows of a partition and the topics as they are belong together. */
@NullMarked
package io.periodview.streams.checkpoint;

import org.jspecify.annotations.NullMarked;
