package io.periodview.streams.view;

import java.util.List;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Which instances hold a team's data, by what this one has heard; it may be out of date.
 *
 * @param standbys without this instance
 */
public record Holders(HostInfo owner, List<HostInfo> standbys) {}
