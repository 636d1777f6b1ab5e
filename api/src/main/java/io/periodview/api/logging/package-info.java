/** The log: its format, and how much is said of what. */
@NullMarked
package io.periodview.api.logging;

import org.jspecify.annotations.NullMarked;
