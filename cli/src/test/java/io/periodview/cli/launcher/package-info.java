/** Tests of the launcher at the repository's root. */
@NullMarked
package io.periodview.cli.launcher;

import org.jspecify.annotations.NullMarked;
