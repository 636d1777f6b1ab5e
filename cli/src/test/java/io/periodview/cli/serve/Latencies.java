package io.periodview.cli.serve;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** How long things took. One thread. */
final class Latencies {
    private final List<Long> nanos = new ArrayList<>();

    void until(Callable<Boolean> done) throws Exception {
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(done);
        nanos.add(System.nanoTime() - start);
    }

    Duration p99() {
        return percentile(0.99);
    }

    private Duration percentile(double share) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return Duration.ofNanos(sorted[(int) (share * (sorted.length - 1))]);
    }

    @Override
    public String toString() {
        return "%.1f/%.1f (%d)".formatted(percentile(0.5).toNanos() / 1e6, p99().toNanos() / 1e6, nanos.size());
    }
}
