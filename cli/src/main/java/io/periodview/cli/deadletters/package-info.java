/** {@code period-view dead-letters}: what was rejected, for people to look at and to send again. */
@NullMarked
package io.periodview.cli.deadletters;

import org.jspecify.annotations.NullMarked;
