/**
 * What the view must show, said as naively as possible: maps, nested loops and java.time. For tests; it shares no code
 * with the service.
 */
@NullMarked
package io.periodview.testkit;

import org.jspecify.annotations.NullMarked;
