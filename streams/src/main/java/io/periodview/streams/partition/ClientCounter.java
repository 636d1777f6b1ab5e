package io.periodview.streams.partition;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/** How often something has happened, as a consumer counts it. */
final class ClientCounter {

    private final Metric metric;

    ClientCounter(Consumer<?, ?> consumer, String name) {
        metric = consumer.metrics().entrySet().stream()
                .filter(each -> each.getKey().name().equals(name)
                        && !each.getKey().tags().containsKey("topic"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    double value() {
        return ((Number) metric.metricValue()).doubleValue();
    }
}
