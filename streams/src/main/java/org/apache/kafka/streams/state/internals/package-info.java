/** A window into a package of Kafka Streams. */
@NullMarked
package org.apache.kafka.streams.state.internals;

import org.jspecify.annotations.NullMarked;
