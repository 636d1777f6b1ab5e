package io.periodview.streams.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.topics.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** The metrics of tasks that come and go. */
class EventCountsTest {

    private static final TaskId TASK = new TaskId(0, 3);
    private static final TaskId OTHER = new TaskId(0, 4);
    private static final RecordOrigin ORIGIN = new RecordOrigin("actions", 3, 125, 0);

    private final StreamsMetrics metrics = new MockProcessorContext<>().metrics();

    @Test
    void aTaskThatGoesTakesItsMetricsAlongAndStartsAtZeroWhenItComesBack() {
        int before = metrics.metrics().size();
        EventCounts other = open(OTHER);
        other.applied();
        int withOther = metrics.metrics().size();

        EventCounts first = open(TASK);
        first.applied();
        first.rejected(ORIGIN, Rejection.Code.TOO_LARGE);
        assertThat(total("events-applied-total", TASK)).isEqualTo(1);
        assertThat(total("events-rejected-total", TASK)).isEqualTo(1);
        first.close();
        assertThat(metrics.metrics()).hasSize(withOther);

        EventCounts second = open(TASK);
        assertThat(total("events-applied-total", TASK)).isZero();
        second.applied();
        second.rerouted(ORIGIN);
        assertThat(total("events-applied-total", TASK)).isEqualTo(1);
        assertThat(total("events-rerouted-total", TASK)).isEqualTo(1);
        second.close();

        assertThat(total("events-applied-total", OTHER)).isEqualTo(1);
        other.close();
        assertThat(metrics.metrics()).hasSize(before);
    }

    @Test
    void aTaskThatWasNeverClosedDoesNotHoldTheCountsOfTheNext() {
        EventCounts lost = open(TASK);
        lost.applied();
        int whileOpen = metrics.metrics().size();

        try (EventCounts next = open(TASK)) {
            next.applied();
            next.applied();
            assertThat(total("events-applied-total", TASK)).isEqualTo(2);
            assertThat(metrics.metrics()).hasSize(whileOpen);
        }
    }

    @Test
    void onlyAnEventThatWasAppliedIsVisible() {
        List<Long> visible = new ArrayList<>();
        ServiceMetrics meters = new ServiceMetrics() {
            @Override
            public void visible(long millis) {
                visible.add(millis);
            }
        };
        RecordOrigin aSecondAgo = new RecordOrigin("actions", 3, 126, System.currentTimeMillis() - 1_000);
        try (EventCounts counts = EventCounts.open(metrics, TASK, new ThrottledEventLog(() -> 0), meters)) {
            counts.rejected(aSecondAgo, Rejection.Code.TOO_LARGE);
            counts.visible(aSecondAgo);
            counts.rerouted(aSecondAgo);
            counts.visible(aSecondAgo);
            assertThat(visible).isEmpty();
            counts.applied();
            counts.visible(aSecondAgo);
            assertThat(visible)
                    .singleElement()
                    .satisfies(millis -> assertThat(millis).isBetween(1_000L, 60_000L));
        }
    }

    private EventCounts open(TaskId task) {
        return EventCounts.open(metrics, task, new ThrottledEventLog(() -> 0), ServiceMetrics.NONE);
    }

    private double total(String name, TaskId task) {
        return metrics.metrics().values().stream()
                .map(metric -> (Metric) metric)
                .filter(metric -> metric.metricName().name().equals(name))
                .filter(metric ->
                        task.toString().equals(metric.metricName().tags().get("task-id")))
                .mapToDouble(metric -> (Double) metric.metricValue())
                .sum();
    }
}
