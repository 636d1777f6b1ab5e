/** What the targets of the fuzzer share, and the test that replays what it has found. */
@NullMarked
package io.periodview.fuzz;

import org.jspecify.annotations.NullMarked;
