package io.periodview.bench.steps;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the measurements of this package, each in a JVM of its own. */
public final class Steps implements Suite {

    private static final String NAME = "steps";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "What does each inner step cost?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        TimeValue each = TimeValue.milliseconds(environment.isQuick() ? 200 : 1_000);
        for (Class<?> steps : List.of(Events.class, Lookup.class, Store.class)) {
            new Runner(new OptionsBuilder()
                            .include("^" + steps.getName() + "\\.")
                            .jvmArgs("-Xmx1g")
                            .forks(1)
                            .warmupIterations(3)
                            .warmupTime(each)
                            .measurementIterations(environment.isQuick() ? 1 : 5)
                            .measurementTime(each)
                            .shouldFailOnError(true)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run()
                    .forEach(result -> add(results, result));
        }
    }

    private static void add(Results results, RunResult result) {
        String name = result.getPrimaryResult().getLabel();
        String params = result.getParams().getParamsKeys().stream()
                .map(key -> ", " + result.getParams().getParam(key) + " " + key)
                .collect(Collectors.joining());
        result.getBenchmarkResults()
                .forEach(fork -> fork.getIterationResults()
                        .forEach(iteration -> results.add(
                                NAME,
                                name + params,
                                "period-view",
                                "ns an operation",
                                iteration.getPrimaryResult().getScore())));
    }
}
