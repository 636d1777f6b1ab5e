/** The process of the embedded Kafka broker, and what its parent has to know of it: its command line and its files. */
@NullMarked
package io.periodview.broker;

import org.jspecify.annotations.NullMarked;
