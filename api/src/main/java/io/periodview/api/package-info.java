/** How the view is asked: HTTP, keys, routing between instances, health. */
@NullMarked
package io.periodview.api;

import org.jspecify.annotations.NullMarked;
