package io.periodview.streams.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.PeriodViewTopology;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.BufferPool;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that are buffered with others are written before the transaction that has their offsets is committed. */
class WrittenBeforeCommitTest {

    private static final TopicNames TOPICS = new TopicNames("");

    @TempDir
    private Path folder;

    /** The driver commits after each event. */
    @Test
    void aBufferedEventIsWrittenBeforeTheCommit() throws Exception {
        LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of());
        Properties config = new Properties();
        config.put("application.id", "app");
        config.put("bootstrap.servers", "nowhere:1");
        config.put("state.dir", folder.resolve("state").toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(
                PeriodViewTopology.build(
                        EventTopics.of(TOPICS, "app", 1),
                        new ThrottledEventLog(System::nanoTime),
                        partitions,
                        ServiceMetrics.NONE),
                config)) {
            AppliedOffsets offsets = Objects.requireNonNull(partitions.owned(0)).offsets();
            offsets.polled(TOPICS.actions(), 0, 1_000); // so that none of these is the last that was fetched

            input(driver, TOPICS.periods())
                    .pipeInput(bytes("1/1"), bytes("{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00Z\"}"));
            input(driver, TOPICS.actions()).pipeInput(bytes("1/2"), bytes("{\"createdTime\":\"2024-07-02T00:00Z\"}"));

            KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(PeriodViewTopology.VIEW);
            try (var answer = new ViewReader(rows, new BufferPool(folder)).actions(1, 1, null)) {
                assertThat(Objects.requireNonNull(answer).rows()).isEqualTo(1);
            }
            assertThat(offsets.current()).isEqualTo(Map.of(TOPICS.periods(), 0L, TOPICS.actions(), 0L));
        }
    }

    private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
