package io.periodview.streams.query;

import java.util.List;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Which instances host a team's partition, by what this one heard at the last rebalance; it may be out of date.
 *
 * @param standbys without this instance
 */
public record PartitionHosts(HostInfo owner, List<HostInfo> standbys) {}
