package io.periodview.streams.query;

import io.periodview.topics.TeamPartitioner;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a team's data is. Thread-safe. */
public final class PartitionLocator {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLocator.class);

    private final KafkaStreams streams;
    private final String store;
    private final HostInfo self;
    private final int partitions;
    private final StreamPartitioner<Long, Object> byTeam;

    /** @param partitions of the topics of events, each */
    public PartitionLocator(KafkaStreams streams, String store, HostInfo self, int partitions) {
        this.streams = streams;
        this.store = store;
        this.self = self;
        this.partitions = partitions;
        this.byTeam = (topic, team, value, unused) -> Optional.of(Set.of(partitionOf(team)));
    }

    /** Where in its topics a team's events are. */
    public int partitionOf(long teamId) {
        return TeamPartitioner.partitionOf(teamId, partitions);
    }

    /** Which instances host a team's partition, or null if none is known to. */
    public @Nullable PartitionHosts hosts(long teamId) {
        try {
            KeyQueryMetadata where = streams.queryMetadataForKey(store, teamId, byTeam);
            return where == null || where.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    ? null
                    : new PartitionHosts(
                            where.activeHost(),
                            where.standbyHosts().stream()
                                    .filter(host -> !host.equals(self))
                                    .toList());
        } catch (IllegalStateException | InvalidStateStoreException e) {
            LOG.debug("Nothing is known of team {}", teamId, e);
            return null;
        }
    }

    /** Where other instances reach this one. */
    public HostInfo self() {
        return self;
    }

    /** Whether the address is this instance's own. */
    public boolean isSelf(HostInfo host) {
        return host.equals(self);
    }
}
