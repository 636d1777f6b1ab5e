package io.periodview.streams;

import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.topics.Rejection;
import java.util.EnumMap;
import java.util.Map;

/** Counts events by what became of them. Thread-safe. */
final class CountingMetrics implements ServiceMetrics {

    private int applied;
    private int rerouted;
    private final Map<Rejection.Code, Integer> rejected = new EnumMap<>(Rejection.Code.class);

    @Override
    public synchronized void applied() {
        applied++;
    }

    @Override
    public synchronized void rerouted() {
        rerouted++;
    }

    @Override
    public synchronized void rejected(Rejection.Code code) {
        rejected.merge(code, 1, Integer::sum);
    }

    synchronized int appliedEvents() {
        return applied;
    }

    synchronized int reroutedEvents() {
        return rerouted;
    }

    synchronized Map<Rejection.Code, Integer> rejectedByCode() {
        return new EnumMap<>(rejected);
    }

    int rejectedEvents() {
        return rejectedByCode().values().stream().mapToInt(Integer::intValue).sum();
    }
}
