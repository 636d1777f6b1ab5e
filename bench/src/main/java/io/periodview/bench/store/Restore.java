package io.periodview.bench.store;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import io.periodview.bench.ingest.Candidates;
import io.periodview.bench.load.SyntheticEvents;
import io.periodview.bench.load.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Each has taken in the same events, loses its local state, and reads its changelog again; in turn, each in one JVM, whose
 * first restoration does not count.
 */
public final class Restore implements Suite {

    private static final String NAME = "restore";
    private static final List<String> CONTENDERS = List.of(Candidates.PIPE, Candidates.VIEW);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How fast is a store restored?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        SyntheticEvents events = new SyntheticEvents(100, 12, environment.isQuick() ? 50_000 : 500_000, 1);
        String cell = String.format("%,d events", events.size());
        Topics topics = Topics.fill(environment.broker().bootstrapServers(), "restore.", "restore", events);
        List<Restoring> all = new ArrayList<>();
        try {
            for (String contender : CONTENDERS) {
                all.add(Restoring.start(environment, topics, contender));
            }
            for (int round = 0; round <= environment.rounds(); round++) {
                for (Restoring each : all) {
                    each.child.again();
                    each.child.await("starting");
                    long start = System.nanoTime();
                    each.child.await("running");
                    double seconds = (System.nanoTime() - start) / 1e9;
                    System.err.printf(
                            "  %s: %.0f MB in %.1f s%s%n",
                            each.contender, each.megabytes, seconds, round == 0 ? " (warm-up)" : "");
                    if (round > 0) {
                        results.add(NAME, cell, each.contender, "MB/s", each.megabytes / seconds);
                        results.add(NAME, cell, each.contender, "s", seconds);
                    }
                }
            }
        } finally {
            for (Restoring each : all) {
                each.child.close();
                Topics.deleteInternal(topics, application(each.contender));
            }
        }
        topics.delete();
        double ratio = median(results, cell, Candidates.VIEW) / median(results, cell, Candidates.PIPE);
        results.ratio(new Ratio(NAME, cell + ", MB/s: period-view / pipe", ratio, 0.9, false));
    }

    /** @param megabytes of its changelog */
    private record Restoring(String contender, ChildJvm child, double megabytes) {

        /** Returns when it has taken everything in. */
        static Restoring start(BenchEnvironment environment, Topics topics, String contender) throws Exception {
            String application = application(contender);
            ChildJvm child =
                    Candidates.start(environment, topics, contender, application, environment.folder(application));
            try {
                Candidates.awaitAll(topics, application, child, Duration.ofSeconds(120));
                child.await("running");
                return new Restoring(contender, child, changelogBytes(topics, application) / 1e6);
            } catch (Exception e) {
                child.close();
                throw e;
            }
        }
    }

    private static String application(String contender) {
        return "restore-" + contender;
    }

    private static double median(Results results, String cell, String contender) {
        return results.figures().stream()
                .filter(figure -> figure.suite().equals(NAME)
                        && figure.cell().equals(cell)
                        && figure.contender().equals(contender)
                        && figure.unit().equals("MB/s"))
                .findFirst()
                .orElseThrow()
                .median();
    }

    /** As the broker has it, compressed. */
    private static long changelogBytes(Topics topics, String application) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
            List<Integer> brokers = admin.describeCluster().nodes().get().stream()
                    .map(node -> node.id())
                    .collect(Collectors.toList());
            return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                    .flatMap(directories -> directories.values().stream())
                    .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().startsWith(application + "-")
                            && replica.getKey().topic().endsWith("-changelog"))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }
}
