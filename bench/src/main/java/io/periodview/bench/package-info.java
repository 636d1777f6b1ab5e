/** Runs the suites one after the other and writes down what they found. */
@NullMarked
package io.periodview.bench;

import org.jspecify.annotations.NullMarked;
