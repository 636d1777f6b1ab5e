/** A Kafka cluster as the commands reach it: options, connection, reading a topic, what went wrong. */
@NullMarked
package io.periodview.cli.kafka;

import org.jspecify.annotations.NullMarked;
