package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** What a service has read for good. */
public final class Committed {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Committed() {}

    /**
     * Waits until the service has committed what it made of these.
     *
     * @param last offset of each partition
     */
    public static void await(String bootstrapServers, String applicationId, Map<TopicPartition, Long> last) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
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
            int dash = position.lastIndexOf('-');
            int at = position.indexOf('@', dash);
            last.put(
                    new TopicPartition(position.substring(0, dash), Integer.parseInt(position.substring(dash + 1, at))),
                    Long.valueOf(position.substring(at + 1)));
        }
        return last;
    }
}
