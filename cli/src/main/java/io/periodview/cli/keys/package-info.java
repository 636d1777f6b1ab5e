/** {@code period-view keys}: what operators do with API keys. */
@NullMarked
package io.periodview.cli.keys;

import org.jspecify.annotations.NullMarked;
