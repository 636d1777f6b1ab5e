package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.topics.RecordOffset;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** The offsets that a service has committed. */
public final class Committed {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private Committed() {}

    /**
     * Waits until the service has applied these records and committed.
     *
     * @param last offset of each partition
     */
    public static void await(String bootstrapServers, String applicationId, Map<TopicPartition, Long> last) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(applicationId)
                        .partitionsToOffsetAndMetadata()
                        .get();
                last.forEach((partition, offset) -> assertThat(committed)
                        .hasEntrySatisfying(
                                partition, at -> assertThat(at.offset()).isGreaterThan(offset)));
            });
        }
    }

    /** @param positions as {@code produce} prints them: {@code actions-3@125,periods-3@9} */
    public static Map<TopicPartition, Long> positions(String positions) {
        Map<TopicPartition, Long> last = new HashMap<>();
        for (String position : positions.split(",", -1)) {
            RecordOffset at = Objects.requireNonNull(RecordOffset.parse(position), position);
            last.put(new TopicPartition(at.topic(), at.partition()), at.offset());
        }
        return last;
    }
}
