package io.periodview.cli.chaos;

import io.periodview.testkit.Event;
import org.apache.kafka.common.TopicPartition;

/** An event, and where it is. */
record Published(Event event, TopicPartition log, long offset) {}
