/** {@code period-view dead-letters}: rejected events, to inspect and to send again. */
@NullMarked
package io.periodview.cli.deadletters;

import org.jspecify.annotations.NullMarked;
