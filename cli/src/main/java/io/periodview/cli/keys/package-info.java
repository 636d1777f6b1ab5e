/** {@code period-view keys}: API keys, as operators manage them. */
@NullMarked
package io.periodview.cli.keys;

import org.jspecify.annotations.NullMarked;
