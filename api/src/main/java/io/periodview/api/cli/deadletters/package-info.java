/** {@code period-view dead-letters}: what was rejected, for people to look at and to send again. */
@NullMarked
package io.periodview.api.cli.deadletters;

import org.jspecify.annotations.NullMarked;
