/** Crashes of every kind, at random moments, and what must hold all the same. */
@NullMarked
package io.periodview.cli.chaos;

import org.jspecify.annotations.NullMarked;
