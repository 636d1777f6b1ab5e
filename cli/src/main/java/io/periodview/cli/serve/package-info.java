/** The commands that run the service: one instance, or all of it in a box. */
@NullMarked
package io.periodview.cli.serve;

import org.jspecify.annotations.NullMarked;
