/** The command line: what is typed, and what it starts. */
@NullMarked
package io.periodview.cli;

import org.jspecify.annotations.NullMarked;
