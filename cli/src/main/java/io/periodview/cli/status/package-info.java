/** {@code period-view status}: the state of an instance, on a terminal. */
@NullMarked
package io.periodview.cli.status;

import org.jspecify.annotations.NullMarked;
