package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When only a restart helps. */
class ServiceStatusTest {

    @TempDir
    Path folder;

    private final Topology topology = new Topology().addSource("source", "topic");
    private final LocalPartitions partitions = new LocalPartitions(Duration.ofSeconds(10), Set.of("actions"));
    private StreamThreadFailureHandler failures;
    private KafkaStreams streams;

    @BeforeEach
    void create() {
        failures = new StreamThreadFailureHandler(Clock.systemUTC(), folder, Duration.ZERO, ServiceMetrics.NONE);
        Properties config = new Properties();
        config.putAll(settings(Map.of("bootstrap.servers", "127.0.0.1:1")).toConfig());
        streams = new KafkaStreams(topology, config);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private StreamsSettings settings(Map<String, Object> client) {
        return new StreamsSettings("app", client, folder, new HostInfo("127.0.0.1", 1), 1, 0);
    }

    private ServiceStatus status(Map<String, Object> client) {
        return new ServiceStatus(
                streams,
                topology,
                partitions,
                () -> null,
                failures,
                settings(client),
                EventTopics.of(new TopicNames(""), "app", 4));
    }

    @Test
    void itIsLiveUntilThreadsFailTooOften() {
        ServiceStatus status = status(Map.of());
        assertThat(status.livenessProblem()).isNull();
        failures.stateIs(KafkaStreams.State.PENDING_SHUTDOWN); // nothing to wait for
        for (int i = 0; i < 10; i++) {
            failures.handle(new IllegalStateException("again"));
        }
        assertThat(status.livenessProblem()).as("each was replaced").isNull();
        failures.handle(new IllegalStateException("once too often"));
        assertThat(status.livenessProblem()).contains("ended with an error", "once too often");
    }

    @Test
    void itIsNotLiveOnceKafkaStreamsHasEnded() {
        streams.close();
        assertThat(status(Map.of()).livenessProblem()).isEqualTo("Kafka Streams is NOT_RUNNING.");
    }

    @Test
    void itIsNotLiveWhileAThreadHangs() {
        partitions.activate(0); // this thread, which never polls
        assertThat(status(Map.of()).livenessProblem()).isNull();
        ServiceStatus impatient = status(Map.of("max.poll.interval.ms", "1"));
        await().untilAsserted(() -> assertThat(impatient.livenessProblem()).contains("has not polled"));
    }
}
