/** The command line: what a person types, and what it starts. */
@NullMarked
package io.periodview.api.cli;

import org.jspecify.annotations.NullMarked;
