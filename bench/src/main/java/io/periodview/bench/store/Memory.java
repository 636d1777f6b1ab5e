package io.periodview.bench.store;

import io.periodview.bench.Findings;
import io.periodview.bench.Lab;
import io.periodview.bench.Suite;
import io.periodview.bench.load.MadeEvents;
import io.periodview.bench.load.Topics;
import io.periodview.bench.read.Serve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What {@code serve}, with a heap of 1 GiB, takes of memory and disk after it has taken in so many actions. */
public final class Memory implements Suite {

    private static final String NAME = "memory";
    private static final int TEAMS = 100;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "What does it take of memory and disk?";
    }

    @Override
    public void measure(Lab lab, Findings findings) throws Exception {
        for (int actions : lab.isQuick() ? List.of(50_000) : List.of(300_000, 1_000_000, 3_000_000)) {
            String application = "memory-" + actions;
            String cell = String.format("%,d actions", actions);
            Topics topics = Topics.fill(
                    lab.broker().bootstrapServers(),
                    application + ".",
                    application,
                    new MadeEvents(TEAMS, 12, actions, 0));
            Path state;
            try (Serve view = Serve.start(lab, topics, application, TEAMS)) {
                state = view.folder().resolve("state");
                view.awaitEvents(topics, application);
                findings.add(NAME, cell, "resident", "MiB", view.process().residentBytes() / (double) (1 << 20));
                for (long team = 1; team <= TEAMS; team++) {
                    view.body(team, 1);
                }
                findings.add(
                        NAME,
                        cell,
                        "resident, after reads",
                        "MiB",
                        view.process().residentBytes() / (double) (1 << 20));
            }
            findings.add(NAME, cell, "disk, each action", "bytes", size(state) / (double) actions);
            topics.delete();
            Topics.deleteInternal(topics, application);
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
