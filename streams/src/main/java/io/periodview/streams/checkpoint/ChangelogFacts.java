package io.periodview.streams.checkpoint;

import java.time.Duration;
import org.apache.kafka.common.Uuid;

/**
 * What the brokers say of the changelog.
 *
 * @param id one that is deleted and made anew has another
 * @param deletionsKept for how long it is sure to have a deletion
 */
public record ChangelogFacts(Uuid id, Duration deletionsKept) {}
