package io.periodview.bench.ingest;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.RealEvents;
import io.periodview.bench.load.SyntheticEvents;
import io.periodview.bench.load.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** All read the same topics from the start, each in a JVM of its own, one after the other. */
public final class Ingest implements Suite {

    private static final String NAME = "ingest";
    private static final String UNIT = "events/s";

    /** On two cores the compiler takes half of the time for so long. */
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /** Enough for the fastest to be warm before a third of it is taken. */
    private static final int TIMES = 30;

    private int runs;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How many events a second are taken in?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        String main = main(environment);
        Topics topics = fill(environment, mainLoad(environment));
        List<String> contenders = List.of(
                Candidates.CONSUMER,
                Candidates.PIPE,
                Candidates.PIPE_AND_PARSE,
                Candidates.VIEW,
                Candidates.POSTGRES,
                Candidates.POSTGRES_TUNED,
                Candidates.DSL);
        rate(environment, topics, Candidates.PIPE); // for the broker: each contender has a warm-up of its own
        for (int round = 0; round < environment.rounds(); round++) {
            for (String contender : contenders) {
                if (round > 0 && contender.equals(Candidates.DSL)) {
                    continue; // once says it: it is hundreds of times as slow
                }
                double rate = rate(environment, topics, contender);
                System.err.printf("  %s, %s: %,.0f%n", main, contender, rate);
                results.add(NAME, main, contender, UNIT, rate);
            }
        }
        topics.delete();
        results.ratio(NAME, main, Candidates.VIEW, Candidates.PIPE_AND_PARSE, 0.75, false);
        results.ratio(NAME, main, Candidates.VIEW, Candidates.PIPE, 0.37, false);
        results.ratio(NAME, main, Candidates.VIEW, Candidates.POSTGRES, 2.5, false);
        results.ratio(NAME, main, Candidates.VIEW, Candidates.POSTGRES_TUNED, 2.5, false);
        results.ratio(NAME, main, Candidates.VIEW, Candidates.DSL, 1, false);

        int actions = environment.isQuick() ? 20_000 : 200_000;
        compare(
                environment,
                results,
                "100 teams, 12 periods each",
                new SyntheticEvents(100, 12, actions, 3),
                "100 teams, 10,000 periods each",
                new SyntheticEvents(100, environment.isQuick() ? 500 : 10_000, actions, 3),
                1.3);
        compare(
                environment,
                results,
                "100 thousand actions",
                new SyntheticEvents(1_000, 12, 100_000, 3),
                "10 thousand teams, 1 million actions",
                new SyntheticEvents(10_000, 12, environment.isQuick() ? 50_000 : 1_000_000, 1),
                1.5);
    }

    private void compare(
            BenchEnvironment environment,
            Results results,
            String small,
            SyntheticEvents few,
            String large,
            SyntheticEvents many,
            double goal)
            throws Exception {
        Topics fewTopics = fill(environment, few);
        Topics manyTopics = fill(environment, many);
        for (int round = 0; round < environment.rounds(); round++) {
            results.add(NAME, small, Candidates.VIEW, UNIT, rate(environment, fewTopics, Candidates.VIEW));
            results.add(NAME, large, Candidates.VIEW, UNIT, rate(environment, manyTopics, Candidates.VIEW));
        }
        fewTopics.delete();
        manyTopics.delete();
        double cost = results.median(NAME, small, Candidates.VIEW) / results.median(NAME, large, Candidates.VIEW);
        results.ratio(new Ratio(NAME, "cost of an event, " + large + " / " + small, cost, goal, true));
    }

    private static String main(BenchEnvironment environment) {
        return environment.incidents() == null ? "synthetic events, 100 teams" : "real events, many times over";
    }

    private static Iterable<ChangeEvent> mainLoad(BenchEnvironment environment) throws Exception {
        Path incidents = environment.incidents();
        if (incidents == null) {
            return new SyntheticEvents(100, 12, environment.isQuick() ? 50_000 : 300_000, 3);
        }
        return new RealEvents(incidents, environment.isQuick() ? 3 : TIMES);
    }

    private Topics fill(BenchEnvironment environment, Iterable<ChangeEvent> history) throws Exception {
        runs++;
        return Topics.fill(environment.broker().bootstrapServers(), "load-" + runs + ".", "load-" + runs, history);
    }

    private double rate(BenchEnvironment environment, Topics topics, String contender) throws Exception {
        runs++;
        String group = contender.replaceAll("[^a-z]+", "-") + "-" + runs;
        Path folder = environment.folder(group);
        try (ChildJvm child = Candidates.start(environment, topics, contender, group, folder)) {
            return Candidates.rate(topics, contender, group, child, WARM_UP, environment.cell());
        } finally {
            Topics.deleteInternal(topics, group);
        }
    }
}
