/** {@code period-view produce}: events from JSON Lines, sent byte for byte. */
@NullMarked
package io.periodview.cli.produce;

import org.jspecify.annotations.NullMarked;
