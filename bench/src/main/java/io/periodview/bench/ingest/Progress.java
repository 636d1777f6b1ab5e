package io.periodview.bench.ingest;

import io.periodview.bench.ChildJvm;
import io.periodview.bench.load.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * How far a consumer group is, from outside, by the offsets it has committed: the same for whoever consumes. Offsets are
 * events, as the histories are not published in transactions.
 */
final class Progress {

    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration STANDSTILL = Duration.ofSeconds(5);
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    private Progress() {}

    /** Waits until the group has committed everything. */
    static void awaitAll(Topics topics, String group, ChildJvm child, Duration atMost) throws Exception {
        Set<String> counted = Set.of(topics.names().periods(), topics.names().actions());
        long deadline = System.nanoTime() + atMost.toNanos();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
            for (long now = 0; now < topics.events(); now = committed(admin, counted, group)) {
                requireAlive(child, group);
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            group + " has taken " + now + " of " + topics.events() + " events after " + atMost);
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
            }
        }
    }

    /**
     * Waits until the group has taken everything, or the time is over.
     *
     * @param warmUp from its first commit on, but no longer than it takes to commit a third
     * @param atMost after that
     * @return events a second, from the first commit after the warm-up to the last
     */
    static double rate(Topics topics, String group, ChildJvm child, Duration warmUp, Duration atMost) throws Exception {
        return rate(topics, Set.of(topics.names().periods(), topics.names().actions()), group, child, warmUp, atMost);
    }

    /** @param counted the topics whose records count: those that hold what is last done with an event */
    static double rate(
            Topics topics, Set<String> counted, String group, ChildJvm child, Duration warmUp, Duration atMost)
            throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
            long deadline = System.nanoTime() + START_PATIENCE.toNanos();
            long first = 0;
            while (first == 0) {
                requireAlive(child, group);
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(group + " has committed nothing after " + START_PATIENCE);
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
                first = committed(admin, counted, group);
            }
            long warm = System.nanoTime() + warmUp.toNanos();
            while (System.nanoTime() < warm && first < topics.events() / 3) {
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
                first = committed(admin, counted, group);
            }
            long warmed = first;
            long stuck = System.nanoTime() + START_PATIENCE.toNanos();
            while (first == warmed && first < topics.events()) { // the time begins with a commit, as it ends with one
                requireAlive(child, group);
                if (System.nanoTime() > stuck) {
                    throw new IllegalStateException(group + " stands still at " + first + " events");
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
                first = committed(admin, counted, group);
            }
            long start = System.nanoTime();
            long last = first;
            long lastAt = start;
            while (last < topics.events() && System.nanoTime() - start < atMost.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
                long now = committed(admin, counted, group);
                if (now > last) {
                    last = now;
                    lastAt = System.nanoTime();
                }
            }
            requireAlive(child, group);
            if (System.nanoTime() - lastAt > STANDSTILL.toNanos() && last < topics.events()) {
                throw new IllegalStateException(
                        group + " stood still at " + last + " of " + topics.events() + " events");
            }
            if (last == first) {
                throw new IllegalStateException(group + " took everything at once: the load is too small");
            }
            return (last - first) / ((lastAt - start) / 1e9);
        }
    }

    private static void requireAlive(ChildJvm child, String group) throws IOException {
        if (!child.isAlive()) {
            throw new IOException(group + " has ended: " + child.log());
        }
    }

    private static long committed(Admin admin, Set<String> counted, String group) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(each -> each.getValue() != null)
                .filter(each -> counted.contains(each.getKey().topic()))
                .mapToLong(each -> each.getValue().offset())
                .sum();
    }
}
