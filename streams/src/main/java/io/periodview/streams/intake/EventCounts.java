package io.periodview.streams.intake;

import io.periodview.streams.measured.Meters;
import io.periodview.topics.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How many events one task has applied, sent on and rejected since it came to this instance, as metrics of Kafka
 * Streams in the group {@code period-view-metrics}, each with the tag {@code task-id}: {@code events-applied-total},
 * {@code events-rerouted-total}, and for each code (tag {@code code}) {@code events-rejected-total}. An event that was
 * sent on is applied by the task of its team's partition, and counts there again.
 *
 * <p>An event counts when it is taken, before its transaction commits; one that comes again after an abort counts
 * again. Counted by the task's thread alone, read by any.
 */
public final class EventCounts implements AutoCloseable {

    private static final String GROUP = "period-view-metrics";
    private static final Rejection.Code[] CODES = Rejection.Code.values();

    private final StreamsMetrics metrics;
    private final Sensor sensor;
    private final Notices notices;
    private final Meters meters;
    private boolean lastWasApplied;
    private final Count applied = new Count();
    private final Count rerouted = new Count();
    private final Count[] rejected = new Count[CODES.length];

    private EventCounts(StreamsMetrics metrics, Sensor sensor, TaskId task, Notices notices, Meters meters) {
        this.metrics = metrics;
        this.sensor = sensor;
        this.notices = notices;
        this.meters = meters;
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("task-id", task.toString());
        sensor.add(name("events-applied-total", "Events that were applied", tags), applied);
        sensor.add(name("events-rerouted-total", "Events that were sent on to their team's partition", tags), rerouted);
        for (Rejection.Code code : CODES) {
            Map<String, String> withCode = new LinkedHashMap<>(tags);
            withCode.put("code", code.toString());
            rejected[code.ordinal()] = new Count();
            sensor.add(
                    name("events-rejected-total", "Events that went to the dead letters", withCode),
                    rejected[code.ordinal()]);
        }
    }

    /**
     * Counts from zero, also for a task that comes back.
     *
     * @param meters of the instance, which count on
     */
    public static EventCounts open(StreamsMetrics metrics, TaskId task, Notices notices, Meters meters) {
        String name = "period-view." + task;
        Sensor sensor = metrics.addSensor(name, Sensor.RecordingLevel.INFO);
        if (sensor.hasMetrics()) { // of a task that was never closed
            metrics.removeSensor(sensor);
            sensor = metrics.addSensor(name, Sensor.RecordingLevel.INFO);
        }
        return new EventCounts(metrics, sensor, task, notices, meters);
    }

    public void applied() {
        applied.add();
        meters.applied();
        lastWasApplied = true;
    }

    public void rerouted(Origin origin) {
        rerouted.add();
        meters.rerouted();
        lastWasApplied = false;
        notices.rerouted(origin);
    }

    public void rejected(Origin origin, Rejection.Code code) {
        rejected[code.ordinal()].add();
        meters.rejected(code);
        lastWasApplied = false;
        notices.rejected(origin, code);
    }

    /** The event that was counted last can be seen now, if it was applied. To be told of now and then. */
    public void visible(Origin origin) {
        if (lastWasApplied) {
            meters.visible(System.currentTimeMillis() - origin.timestamp());
        }
    }

    /** Takes the metrics away. */
    @Override
    public void close() {
        metrics.removeSensor(sensor);
    }

    private static MetricName name(String name, String description, Map<String, String> tags) {
        return new MetricName(name, GROUP, description + ", those of aborted transactions included", tags);
    }

    /** The sensor only holds it; to record through a sensor takes a lock, and so much for every event is too much. */
    private static final class Count implements MeasurableStat {

        private final AtomicLong count = new AtomicLong();

        /** One thread writes, so no read is lost in between. */
        void add() {
            count.setRelease(count.getPlain() + 1);
        }

        @Override
        public double measure(MetricConfig config, long now) {
            return count.get();
        }

        @Override
        public void record(MetricConfig config, double value, long now) {
            throw new UnsupportedOperationException("Events are counted where they are taken");
        }
    }
}
