/** {@code period-view skip}: a way past a record that no instance can take in. */
@NullMarked
package io.periodview.cli.skip;

import org.jspecify.annotations.NullMarked;
