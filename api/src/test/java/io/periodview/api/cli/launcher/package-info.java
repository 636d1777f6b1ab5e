/** Tests of the launcher at the repository's root. */
@NullMarked
package io.periodview.api.cli.launcher;

import org.jspecify.annotations.NullMarked;
