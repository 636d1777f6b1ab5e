package io.periodview.bench.store;

import io.periodview.bench.Child;
import io.periodview.bench.Findings;
import io.periodview.bench.Lab;
import io.periodview.bench.Ratio;
import io.periodview.bench.Suite;
import io.periodview.bench.ingest.Contenders;
import io.periodview.bench.load.MadeEvents;
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
    private static final List<String> CONTENDERS = List.of(Contenders.PIPE, Contenders.VIEW);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How fast is a store restored?";
    }

    @Override
    public void measure(Lab lab, Findings findings) throws Exception {
        MadeEvents events = new MadeEvents(100, 12, lab.isQuick() ? 50_000 : 500_000, 1);
        String cell = String.format("%,d events", events.size());
        Topics topics = Topics.fill(lab.broker().bootstrapServers(), "restore.", "restore", events);
        List<Restoring> all = new ArrayList<>();
        try {
            for (String contender : CONTENDERS) {
                all.add(Restoring.start(lab, topics, contender));
            }
            for (int round = 0; round <= lab.rounds(); round++) {
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
                        findings.add(NAME, cell, each.contender, "MB/s", each.megabytes / seconds);
                        findings.add(NAME, cell, each.contender, "s", seconds);
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
        double ratio = median(findings, cell, Contenders.VIEW) / median(findings, cell, Contenders.PIPE);
        findings.ratio(new Ratio(NAME, cell + ", MB/s: period-view / pipe", ratio, 0.9, false));
    }

    /** @param megabytes of its changelog */
    private record Restoring(String contender, Child child, double megabytes) {

        /** Returns when it has taken everything in. */
        static Restoring start(Lab lab, Topics topics, String contender) throws Exception {
            String application = application(contender);
            Child child = Contenders.start(lab, topics, contender, application, lab.folder(application));
            try {
                Contenders.awaitAll(topics, application, child, Duration.ofSeconds(120));
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

    private static double median(Findings findings, String cell, String contender) {
        return findings.figures().stream()
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
