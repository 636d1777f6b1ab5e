/** {@code period-view status}: how an instance is, on a terminal. */
@NullMarked
package io.periodview.cli.status;

import org.jspecify.annotations.NullMarked;
