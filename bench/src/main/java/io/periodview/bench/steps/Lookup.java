package io.periodview.bench.steps;

import io.periodview.streams.cache.RowChange;
import io.periodview.streams.cache.CachedRow;
import io.periodview.streams.cache.MemoryBudget;
import io.periodview.streams.cache.ReadCache;
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

/** Which watched periods contain an action's time: back to back, all of one team. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Lookup {

    private static final long TEAM = 7;
    private static final long LENGTH = 1_000;

    @Param({"12", "10000"})
    private int periods;

    private final ReadCache versions = new ReadCache(new MemoryBudget());
    private final Random random = new Random(1);

    @Setup
    public void watch() {
        for (long id = 1; id <= periods; id++) {
            long version = versions.ofActions(TEAM, id);
            versions.bounds(TEAM, id, version, id * LENGTH, (id + 1) * LENGTH);
        }
    }

    @Benchmark
    public void periodsOfAnAction() {
        long time = LENGTH + random.nextInt((int) (periods * LENGTH));
        versions.change(
                Map.of(TEAM, List.of(new RowChange.Action(time, 1, new CachedRow(time, 1, new byte[0])))), () -> {});
    }
}
