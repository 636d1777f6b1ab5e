package io.periodview.bench.store;

import io.periodview.bench.Child;
import io.periodview.bench.Findings;
import io.periodview.bench.Lab;
import io.periodview.bench.Suite;
import io.periodview.bench.ingest.Contenders;
import io.periodview.bench.load.MadeEvents;
import io.periodview.bench.load.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;

/** Each has taken in the same events, loses its local state, and reads its changelog again. */
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
        for (String contender : CONTENDERS) {
            String application = "restore-" + contender;
            Path folder = lab.folder(application);
            try (Child child = Contenders.start(lab, topics, contender, application, folder)) {
                Contenders.rate(topics, application, child, Duration.ofSeconds(120));
            }
            double megabytes = changelogBytes(topics, application) / 1e6;
            for (int round = 0; round < lab.rounds(); round++) {
                Utils.delete(folder.resolve("state").toFile());
                try (Child child = Contenders.start(lab, topics, contender, application, folder)) {
                    child.await("starting");
                    long start = System.nanoTime();
                    child.await("running");
                    double seconds = (System.nanoTime() - start) / 1e9;
                    System.err.printf("  %s: %.0f MB in %.1f s%n", contender, megabytes, seconds);
                    findings.add(NAME, cell, contender, "MB/s", megabytes / seconds);
                    findings.add(NAME, cell, contender, "s", seconds);
                }
            }
            Topics.deleteInternal(topics, application);
        }
        topics.delete();
        double ratio = median(findings, cell, Contenders.VIEW) / median(findings, cell, Contenders.PIPE);
        findings.ratio(new io.periodview.bench.Ratio(NAME, cell + ", MB/s: period-view / pipe", ratio, 0.9, false));
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
