/** The commands that run the service: one instance, or everything on one machine. */
@NullMarked
package io.periodview.cli.serve;

import org.jspecify.annotations.NullMarked;
