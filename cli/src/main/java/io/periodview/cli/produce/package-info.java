/** {@code period-view produce}: JSON Lines of events, sent as they are written. */
@NullMarked
package io.periodview.cli.produce;

import org.jspecify.annotations.NullMarked;
