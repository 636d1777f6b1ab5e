package io.periodview.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class KafkaCollectorTest {

    private final Map<MetricName, Metric> metrics = new LinkedHashMap<>();

    private void add(String group, String name, Map<String, String> tags, Supplier<Object> value) {
        MetricName metricName = new MetricName(name, group, "What " + name + " is", tags);
        metrics.put(metricName, new Metric() {
            @Override
            public MetricName metricName() {
                return metricName;
            }

            @Override
            public Object metricValue() {
                return value.get();
            }
        });
    }

    private String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, new KafkaCollector(() -> metrics).collect());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void namesMatchMicrometersKafkaBinder() throws IOException {
        add("stream-thread-metrics", "commit-total", Map.of("thread-id", "a"), () -> 3.0);
        add("stream-thread-metrics", "commit-total", Map.of("thread-id", "b"), () -> 4.0);
        add("consumer-fetch-manager-metrics", "records-lag", Map.of("topic", "actions"), () -> 5.0);
        assertThat(text())
                .contains("# TYPE kafka_stream_thread_commit_total counter\n")
                .contains("# HELP kafka_stream_thread_commit_total What commit-total is\n")
                .contains("kafka_stream_thread_commit_total{thread_id=\"a\"} 3.0\n")
                .contains("kafka_stream_thread_commit_total{thread_id=\"b\"} 4.0\n")
                .contains("# TYPE kafka_consumer_fetch_manager_records_lag gauge\n")
                .contains("kafka_consumer_fetch_manager_records_lag{topic=\"actions\"} 5.0\n");
    }

    /** To read one of a store that is being closed can end the process. */
    @Test
    void rocksDbPropertiesAreNotRead() throws IOException {
        add("stream-state-metrics", "block-cache-usage", Map.of(), () -> {
            throw new AssertionError("It was read");
        });
        add("stream-state-metrics", "num-open-iterators", Map.of("rocksdb-state-id", "view"), () -> 2L);
        add("stream-state-metrics", "num-open-iterators", Map.of("rocksdb-state-id", "other"), () -> 1L);
        assertThat(text()).doesNotContain("block_cache").contains("kafka_stream_state_num_open_iterators{");
        assertThat(KafkaCollector.openIterators(metrics)).isEqualTo(3);
    }

    @Test
    void suffixesThatPrometheusReservesAreRenamed() throws IOException {
        add("stream-thread-metrics", "task-created-total", Map.of(), () -> 1.0);
        add("consumer-metrics", "connection-count", Map.of(), () -> 7.0);
        add("producer-metrics", "flush-time-ns-total", Map.of(), () -> 2_500_000_000.0);
        assertThat(text())
                .contains("kafka_stream_thread_task_creations_total 1.0\n")
                .contains("kafka_consumer_connection_number 7.0\n")
                .contains("kafka_producer_flush_time_seconds_total 2.5\n");
    }

    @Test
    void nonNumericMetricsAreOmitted() throws IOException {
        add("app-info", "version", Map.of(), () -> "4.3.1");
        add("stream-metrics", "state", Map.of(), () -> "RUNNING");
        add("consumer-metrics", "poll-idle-ratio-avg", Map.of(), () -> Double.NaN);
        assertThat(text()).isEmpty();
    }
}
