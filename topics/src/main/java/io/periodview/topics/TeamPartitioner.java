package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Puts all events of a team into one partition, as the service expects them: {@code (murmur2(teamId as decimal text)
 * & 0x7fffffff) % N}. Any Java producer takes it as {@code partitioner.class}; its keys must be serialized to text.
 *
 * <p>A key that is none goes where its bytes hash to; the service dead-letters it from there. Thread-safe.
 */
public final class TeamPartitioner implements Partitioner {

    /** The partition of a team, from 0 to {@code partitions - 1}. */
    public static int partitionOf(long teamId, int partitions) {
        return hash(Long.toString(teamId).getBytes(ISO_8859_1), partitions);
    }

    @Override
    public int partition(
            String topic,
            @Nullable Object key,
            byte @Nullable [] keyBytes,
            @Nullable Object value,
            byte @Nullable [] valueBytes,
            Cluster cluster) {
        int partitions = cluster.partitionsForTopic(topic).size();
        EventKey eventKey = EventKey.parse(keyBytes);
        if (eventKey != null) {
            return partitionOf(eventKey.teamId(), partitions);
        }
        return keyBytes == null ? 0 : hash(keyBytes, partitions);
    }

    private static int hash(byte[] bytes, int partitions) {
        return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
}
