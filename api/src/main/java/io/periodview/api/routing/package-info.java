/** Between instances: which one answers, forwarding to it, and noticing that it is unresponsive. */
@NullMarked
package io.periodview.api.routing;

import org.jspecify.annotations.NullMarked;
