/** The log: its format, and how much is said of what. The one place that knows Logback. */
@NullMarked
package io.periodview.api.logging;

import org.jspecify.annotations.NullMarked;
