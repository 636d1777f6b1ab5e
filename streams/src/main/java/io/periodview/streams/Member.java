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
 * @param owns partitions whose events it applies
 * @param standsBy partitions that it keeps a copy of
 */
public record Member(HostInfo address, boolean isSelf, List<Integer> owns, List<Integer> standsBy) {

    static Member of(StreamsMetadata heard, HostInfo self, String topic) {
        return new Member(
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
