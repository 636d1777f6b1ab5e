/** {@code period-view topics}: what the topics should be, planned and applied. */
@NullMarked
package io.periodview.cli.topics;

import org.jspecify.annotations.NullMarked;
