package io.periodview.bench.steps;

import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.cache.RowChange;
import io.periodview.streams.cache.Scan;
import io.periodview.streams.memory.MemoryBudget;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Which tracked periods contain an action's time: back to back, all of one team. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Lookup {

    private static final long TEAM = 7;
    private static final long LENGTH = 1_000;

    @Param({"12", "10000"})
    private int periods;

    private final ReadCache cache = new ReadCache(new MemoryBudget(1 << 20));
    private final Random random = new Random(1);

    @Setup
    public void track() {
        for (long id = 1; id <= periods; id++) {
            try (Scan scan = cache.scan(TEAM, id, cache.period(TEAM, id, true).version(), false)) {
                scan.period(new byte[0], id * LENGTH, (id + 1) * LENGTH);
            }
        }
    }

    @Benchmark
    public void periodsOfAnAction() {
        long time = LENGTH + random.nextInt((int) (periods * LENGTH));
        cache.write(Map.of(TEAM, List.of(new RowChange.Action(time, time, 1, () -> new byte[0]))), () -> {});
    }
}
