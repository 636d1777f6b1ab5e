/** An embedded Kafka broker and a sample that keeps changing, for development and for tests. */
@NullMarked
package io.periodview.sandbox;

import org.jspecify.annotations.NullMarked;
