package io.periodview.streams;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;

/**
 * An instance of the service, by what this one has heard at the last rebalance.
 *
 * @param address where its API is reached
 * @param isSelf whether it is this one
 * @param activePartitions partitions whose events it applies
 * @param standbyPartitions partitions that it has a standby of
 */
public record InstanceInfo(
        HostInfo address, boolean isSelf, List<Integer> activePartitions, List<Integer> standbyPartitions) {

    static InstanceInfo of(StreamsMetadata heard, HostInfo self, String topic) {
        return new InstanceInfo(
                heard.hostInfo(),
                heard.hostInfo().equals(self),
                numbers(heard.topicPartitions(), topic),
                numbers(heard.standbyTopicPartitions(), topic));
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions, String topic) {
        return partitions.stream()
                .filter(each -> each.topic().equals(topic))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }
}
