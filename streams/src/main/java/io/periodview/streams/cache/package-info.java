/** What readers may reuse: versions of periods for ETags and cached answers, and the rows of hot periods. */
@NullMarked
package io.periodview.streams.cache;

import org.jspecify.annotations.NullMarked;
