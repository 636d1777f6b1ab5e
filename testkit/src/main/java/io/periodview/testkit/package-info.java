/**
 * The tests' oracle: what the view must show, computed as naively as possible with maps, nested loops and java.time. It
 * shares no code with the service.
 */
@NullMarked
package io.periodview.testkit;

import org.jspecify.annotations.NullMarked;
