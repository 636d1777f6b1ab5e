package io.periodview.api.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What Kafka Streams and its clients measure, read when it is asked for, under the names that Micrometer's binder gives
 * it: {@code kafka_}, the group, the name. That binder itself reads the value of every metric, those of RocksDB among
 * them, before any filter is asked; and reading one of a store that is being closed can end the process (KAFKA-10025).
 * Here they are read by their names. Thread-safe.
 */
final class KafkaCollector implements MultiCollector {

    private static final String STORES = "stream-state-metrics";
    private static final String OPEN_ITERATORS = "num-open-iterators";
    private static final Pattern NANOSECONDS = Pattern.compile("-ns-(avg|total)$");

    /**
     * Not shown: versions and commit ids; how many metrics there are; every client's connection to every broker; what
     * this service shows itself.
     */
    private static final Set<String> LEFT_OUT = Set.of(
            "app-info",
            "kafka-metrics-count",
            "consumer-node-metrics",
            "producer-node-metrics",
            "admin-client-node-metrics",
            "period-view-metrics");

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;

    /** Prometheus' names by Kafka's; there are some hundred. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    KafkaCollector(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        this.metrics = metrics;
    }

    /** Iterators that are open on the stores. */
    static double openIterators(Map<MetricName, ? extends Metric> metrics) {
        double open = 0;
        for (Map.Entry<MetricName, ? extends Metric> each : metrics.entrySet()) {
            if (each.getKey().group().equals(STORES)
                    && each.getKey().name().equals(OPEN_ITERATORS)
                    && each.getValue().metricValue() instanceof Number number) {
                open += number.doubleValue();
            }
        }
        return open;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Family> families = new TreeMap<>();
        metrics.get().forEach((name, metric) -> {
            if (isShown(name) && metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())) {
                double unit = NANOSECONDS.matcher(name.name()).find() ? 1e-9 : 1; // as the name says
                families.computeIfAbsent(nameOf(name), unknown -> new Family(name.description()))
                        .values
                        .put(labels(name), number.doubleValue() * unit);
            }
        });
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        families.forEach((name, family) -> all.metricSnapshot(family.snapshot(name)));
        return all.build();
    }

    /** Of the stores' only what is known to be no property of RocksDB. */
    private static boolean isShown(MetricName name) {
        return name.group().equals(STORES) ? name.name().equals(OPEN_ITERATORS) : !LEFT_OUT.contains(name.group());
    }

    private String nameOf(MetricName name) {
        String kafkas = name.group() + '/' + name.name();
        String known = names.get(kafkas);
        if (known == null) {
            known = newName(name);
            names.put(kafkas, known);
        }
        return known;
    }

    /** Prometheus keeps some endings for itself, and has all times in seconds. */
    private static String newName(MetricName name) {
        return ("kafka_" + name.group().replace("-metrics", "") + "_" + name.name())
                .replaceAll("[^a-zA-Z0-9_]", "_")
                .replaceFirst("_ns_(avg|total)$", "_seconds_$1")
                .replaceFirst("_count$", "_number")
                .replaceFirst("_created(_total)?$", "_creations$1");
    }

    private static Labels labels(MetricName name) {
        String[] names = new String[name.tags().size()];
        String[] values = new String[names.length];
        int i = 0;
        for (Map.Entry<String, String> tag : name.tags().entrySet()) {
            names[i] = tag.getKey().replace('-', '_').replace('.', '_');
            values[i++] = tag.getValue();
        }
        return Labels.of(names, values);
    }

    /** All metrics of a name. */
    private record Family(String help, Map<Labels, Double> values) {

        Family(String description) {
            this(description.isBlank() ? "Kafka says nothing of it" : description, new LinkedHashMap<>());
        }

        MetricSnapshot snapshot(String name) {
            if (name.endsWith("_total")) {
                CounterSnapshot.Builder counter = CounterSnapshot.builder()
                        .name(name.replaceFirst("_total$", ""))
                        .help(help);
                values.forEach((labels, value) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(Math.max(0, value))
                        .build()));
                return counter.build();
            }
            GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
            values.forEach((labels, value) -> gauge.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
            return gauge.build();
        }
    }
}
