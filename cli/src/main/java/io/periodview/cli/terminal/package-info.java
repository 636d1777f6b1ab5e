/** What every command shares that is not Kafka: options from the environment, times, signals, progress, failures. */
@NullMarked
package io.periodview.cli.terminal;

import org.jspecify.annotations.NullMarked;
