/** The body of a response, in memory or in a temporary file until it is sent. */
@NullMarked
package io.periodview.streams.response;

import org.jspecify.annotations.NullMarked;
