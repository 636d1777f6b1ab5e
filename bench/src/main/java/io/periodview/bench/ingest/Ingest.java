package io.periodview.bench.ingest;

import io.periodview.bench.Child;
import io.periodview.bench.Findings;
import io.periodview.bench.Lab;
import io.periodview.bench.Ratio;
import io.periodview.bench.Suite;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.MadeEvents;
import io.periodview.bench.load.RealEvents;
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
    public void measure(Lab lab, Findings findings) throws Exception {
        String main = main(lab);
        Topics topics = fill(lab, mainLoad(lab));
        List<String> contenders = List.of(
                Contenders.CONSUMER,
                Contenders.PIPE,
                Contenders.PIPE_AND_PARSE,
                Contenders.VIEW,
                Contenders.POSTGRES,
                Contenders.POSTGRES_TUNED,
                Contenders.DSL);
        rate(lab, topics, Contenders.PIPE); // for the broker: each contender has a warm-up of its own
        for (int round = 0; round < lab.rounds(); round++) {
            for (String contender : contenders) {
                if (round > 0 && contender.equals(Contenders.DSL)) {
                    continue; // once says it: it is hundreds of times as slow
                }
                double rate = rate(lab, topics, contender);
                System.err.printf("  %s, %s: %,.0f%n", main, contender, rate);
                findings.add(NAME, main, contender, UNIT, rate);
            }
        }
        topics.delete();
        findings.ratio(NAME, main, Contenders.VIEW, Contenders.PIPE_AND_PARSE, 0.75, false);
        findings.ratio(NAME, main, Contenders.VIEW, Contenders.PIPE, 0.37, false);
        findings.ratio(NAME, main, Contenders.VIEW, Contenders.POSTGRES, 2.5, false);
        findings.ratio(NAME, main, Contenders.VIEW, Contenders.POSTGRES_TUNED, 2.5, false);
        findings.ratio(NAME, main, Contenders.VIEW, Contenders.DSL, 1, false);

        int actions = lab.isQuick() ? 20_000 : 200_000;
        compare(
                lab,
                findings,
                "100 teams, 12 periods each",
                new MadeEvents(100, 12, actions, 3),
                "100 teams, 10,000 periods each",
                new MadeEvents(100, lab.isQuick() ? 500 : 10_000, actions, 3),
                1.3);
        compare(
                lab,
                findings,
                "100 thousand actions",
                new MadeEvents(1_000, 12, 100_000, 3),
                "10 thousand teams, 1 million actions",
                new MadeEvents(10_000, 12, lab.isQuick() ? 50_000 : 1_000_000, 1),
                1.5);
    }

    private void compare(
            Lab lab, Findings findings, String small, MadeEvents few, String large, MadeEvents many, double goal)
            throws Exception {
        Topics fewTopics = fill(lab, few);
        Topics manyTopics = fill(lab, many);
        for (int round = 0; round < lab.rounds(); round++) {
            findings.add(NAME, small, Contenders.VIEW, UNIT, rate(lab, fewTopics, Contenders.VIEW));
            findings.add(NAME, large, Contenders.VIEW, UNIT, rate(lab, manyTopics, Contenders.VIEW));
        }
        fewTopics.delete();
        manyTopics.delete();
        double cost = findings.median(NAME, small, Contenders.VIEW) / findings.median(NAME, large, Contenders.VIEW);
        findings.ratio(new Ratio(NAME, "cost of an event, " + large + " / " + small, cost, goal, true));
    }

    private static String main(Lab lab) {
        return lab.incidents() == null ? "made events, 100 teams" : "real events, many times over";
    }

    private static Iterable<ChangeEvent> mainLoad(Lab lab) throws Exception {
        Path incidents = lab.incidents();
        if (incidents == null) {
            return new MadeEvents(100, 12, lab.isQuick() ? 50_000 : 300_000, 3);
        }
        return new RealEvents(incidents, lab.isQuick() ? 3 : TIMES);
    }

    private Topics fill(Lab lab, Iterable<ChangeEvent> history) throws Exception {
        runs++;
        return Topics.fill(lab.broker().bootstrapServers(), "load-" + runs + ".", "load-" + runs, history);
    }

    private double rate(Lab lab, Topics topics, String contender) throws Exception {
        runs++;
        String group = contender.replaceAll("[^a-z]+", "-") + "-" + runs;
        Path folder = lab.folder(group);
        try (Child child = Contenders.start(lab, topics, contender, group, folder)) {
            return Contenders.rate(topics, contender, group, child, WARM_UP, lab.cell());
        } finally {
            Topics.deleteInternal(topics, group);
        }
    }
}
