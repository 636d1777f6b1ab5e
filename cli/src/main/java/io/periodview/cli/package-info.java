/** The command line: what a person types, and what it starts. */
@NullMarked
package io.periodview.cli;

import org.jspecify.annotations.NullMarked;
