package io.periodview.cli.produce;

import io.periodview.topics.RecordOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The last acknowledged offset of each partition, printed as {@code actions-3@125,periods-3@9}: by topic, then by
 * partition, topics without their prefix. Thread-safe.
 */
final class AcknowledgedOffsets {

    private final Map<String, Map<Integer, Long>> offsets = new TreeMap<>();

    synchronized void advance(String topic, int partition, long offset) {
        offsets.computeIfAbsent(topic, unknown -> new TreeMap<>()).merge(partition, offset, Math::max);
    }

    @Override
    public synchronized String toString() {
        return offsets.entrySet().stream()
                .flatMap(topic -> topic.getValue().entrySet().stream()
                        .map(last -> new RecordOffset(topic.getKey(), last.getKey(), last.getValue()).toString()))
                .collect(Collectors.joining(","));
    }
}
