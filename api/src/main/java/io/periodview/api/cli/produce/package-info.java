/** {@code period-view produce}: JSON Lines of events, sent as they are written. */
@NullMarked
package io.periodview.api.cli.produce;

import org.jspecify.annotations.NullMarked;
