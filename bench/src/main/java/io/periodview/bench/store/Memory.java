package io.periodview.bench.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.SyntheticEvents;
import io.periodview.bench.load.Topics;
import io.periodview.bench.read.Connection;
import io.periodview.bench.read.Serve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code serve}, with a heap of 1 GiB, takes of memory and disk after it has taken in so many actions; and what an
 * event and a read cost then.
 */
public final class Memory implements Suite {

    private static final String NAME = "memory";
    private static final int TEAMS = 100;

    /** Each with one period of a thousand actions, for the reads. */
    private static final int READ_TEAMS = 50;

    private static final int READ_ACTIONS = 1_000;

    /** MiB that operations.md allows: the heap, --memory, and what the JVM and RocksDB have beside them. */
    private static final double DOCUMENTED = 1024 + 256 + 384;

    private static final String RESIDENT = "resident, after reads";
    private static final String RATE = "events/s, updates of any action";
    private static final String SCAN = "a read of 1,000 rows";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "What does it take of memory and disk, and what does an event cost, with how many actions?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        List<Integer> sizes =
                environment.isQuick() ? List.of(20_000, 100_000) : List.of(100_000, 1_000_000, 3_000_000, 10_000_000);
        int updates = environment.isQuick() ? 50_000 : 600_000;
        for (int actions : sizes) {
            String application = "memory-" + actions;
            String cell = cell(actions);
            SyntheticEvents made = new SyntheticEvents(TEAMS, 12, actions, 0);
            Iterator<ChangeEvent> history = made.withUpdatesOfAny(updates);
            Topics topics = Topics.fill(
                    environment.broker().bootstrapServers(),
                    application + ".",
                    application,
                    () -> first(history, made.size()));
            topics = topics.and(readEvents());
            Path state;
            try (Serve view = Serve.start(environment, topics, application, TEAMS + READ_TEAMS)) {
                state = view.folder().resolve("state");
                view.awaitEvents(topics, application);
                results.add(NAME, cell, "resident", "MiB", view.process().residentBytes() / (double) (1 << 20));
                for (long team = 1; team <= TEAMS; team++) {
                    view.body(team, 1);
                }
                results.add(NAME, cell, RESIDENT, "MiB", view.process().residentBytes() / (double) (1 << 20));
                results.add(NAME, cell, SCAN, "ms", scan(view));
                // The first half for the compiler, which has seen fewer events the smaller the cell.
                topics = topics.and(() -> first(history, updates / 2));
                view.awaitEvents(topics, application);
                long start = System.nanoTime();
                topics = topics.and(() -> history);
                view.awaitEvents(topics, application);
                results.add(
                        NAME, cell, RATE, "events/s", (updates - updates / 2) / ((System.nanoTime() - start) / 1e9));
                results.add(
                        NAME,
                        cell,
                        "resident, after updates",
                        "MiB",
                        view.process().residentBytes() / (double) (1 << 20));
            }
            results.ratio(new Ratio(
                    NAME,
                    cell + ": resident / what is documented",
                    Math.max(
                                    results.median(NAME, cell, RESIDENT),
                                    results.median(NAME, cell, "resident, after updates"))
                            / DOCUMENTED,
                    1,
                    true));
            results.add(NAME, cell, "disk, each action", "bytes", size(state) / (double) actions);
            topics.delete();
            Topics.deleteInternal(topics, application);
        }
        String small = cell(sizes.get(0));
        String large = cell(sizes.get(sizes.size() - 1));
        results.ratio(new Ratio(
                NAME,
                "cost of an event, " + large + " / " + small,
                results.median(NAME, small, RATE) / results.median(NAME, large, RATE),
                1.5,
                true));
        results.ratio(new Ratio(
                NAME,
                "cost of a read, " + large + " / " + small,
                results.median(NAME, large, SCAN) / results.median(NAME, small, SCAN),
                1.5,
                true));
    }

    private static String cell(int actions) {
        return String.format("%,d actions", actions);
    }

    private static Iterator<ChangeEvent> first(Iterator<ChangeEvent> history, long events) {
        return new Iterator<>() {
            private long left = events;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public ChangeEvent next() {
                left--;
                return history.next();
            }
        };
    }

    /** Milliseconds of a read that no answer is kept of: each asks for another form field. */
    private static double scan(Serve view) throws IOException {
        double[] took = new double[4 * READ_TEAMS];
        for (int i = 0; i < took.length; i++) {
            long team = TEAMS + 1 + i % READ_TEAMS;
            byte[] request = Connection.request(
                    "/periods/1/actions?form_fields=%5B%22field-" + i + "%22%5D", view.headers(team));
            long start = System.nanoTime();
            Connection.Reply reply = view.ask(request);
            took[i] = (System.nanoTime() - start) / 1e6;
            if (reply.status() != 200) {
                throw new IOException("Status " + reply.status());
            }
        }
        Arrays.sort(took);
        return took[took.length / 2];
    }

    private static List<ChangeEvent> readEvents() {
        List<ChangeEvent> events = new ArrayList<>();
        for (long team = TEAMS + 1; team <= TEAMS + READ_TEAMS; team++) {
            events.add(new ChangeEvent(
                    true,
                    team,
                    team + "/1",
                    0,
                    "{\"name\":\"Year\",\"start_date\":\"2025-01-01T00:00:00Z\"}".getBytes(UTF_8)));
            for (int action = 1; action <= READ_ACTIONS; action++) {
                events.add(new ChangeEvent(
                        false,
                        team,
                        team + "/" + action,
                        0,
                        ("{\"classification\":\"Category 55\",\"status\":\"New\",\"createdTime\":\"2025-02-01T00:00:00Z\","
                                        + "\"channel\":\"Phone\",\"formType\":\"Incident\",\"formFields\":{\"impact\":\"2\"}}")
                                .getBytes(UTF_8)));
            }
        }
        return events;
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
