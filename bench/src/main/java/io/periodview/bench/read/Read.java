package io.periodview.bench.read;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;

/** The same period asked of each, behind the same HTTP server, one after the other. */
public final class Read implements Suite {

    private static final String NAME = "read";
    private static final String UNIT = "requests/s";
    private static final String VIEW = "period-view";
    private static final String STATIC = "static";

    private static final String LARGE = "1,000 actions";
    private static final String SMALL = "10 actions";
    private static final String CHANGED = ", one changed before each read";

    private static final int CONNECTIONS = 8;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How many answers a second are given?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        try (ViewUnderTest view = ViewUnderTest.start(environment);
                PostgresUnderTest json = PostgresUnderTest.start(environment, "json");
                PostgresUnderTest rows = PostgresUnderTest.sibling(environment, json, "rows");
                ChildJvm fixed = ChildJvm.start(
                        StaticServer.class, environment.folder(STATIC), List.of(bodies(environment, view)))) {
            int fixedPort = Integer.parseInt(fixed.await("port"));
            Map<String, SystemUnderTest> subjects = new LinkedHashMap<>();
            subjects.put(VIEW, view);
            subjects.put("pg-json", json);
            subjects.put("pg-rows", rows);
            for (int round = 0; round <= environment.rounds(); round++) {
                Round to = new Round(environment, results, round > 0);
                to.unchanged(LARGE + ", unchanged", STATIC, fixedPort, "large", "");
                to.unchanged(LARGE + ", unchanged", VIEW, view.port(), "" + ViewUnderTest.LARGE, view.headers());
                to.unchanged(LARGE + ", unchanged, gzip", STATIC, fixedPort, "large-gzip", "");
                to.unchanged(
                        LARGE + ", unchanged, gzip",
                        VIEW,
                        view.port(),
                        "" + ViewUnderTest.LARGE,
                        view.headers() + "Accept-Encoding: gzip\r\n");
                to.unchanged("If-None-Match, unchanged", STATIC, fixedPort, "empty", "");
                to.unchanged(
                        "If-None-Match, unchanged",
                        VIEW,
                        view.port(),
                        "" + ViewUnderTest.LARGE,
                        view.headers() + view.tag());
                to.changed(LARGE + CHANGED, STATIC, fixedPort, "large", view, ViewUnderTest.LARGE);
                to.changed(SMALL + CHANGED, STATIC, fixedPort, "small", view, ViewUnderTest.SMALL);
                for (Map.Entry<String, SystemUnderTest> subject : subjects.entrySet()) {
                    to.changed(LARGE + CHANGED, subject.getKey(), subject.getValue(), ViewUnderTest.LARGE);
                    to.changed(SMALL + CHANGED, subject.getKey(), subject.getValue(), ViewUnderTest.SMALL);
                }
                to.unchanged(LARGE + ", unchanged", "pg-json", json.port(), "" + ViewUnderTest.LARGE, "");
                to.unchanged(LARGE + ", unchanged", "pg-rows", rows.port(), "" + ViewUnderTest.LARGE, "");
            }
        }
        double best = Math.max(
                results.median(NAME, LARGE + CHANGED, "pg-json"), results.median(NAME, LARGE + CHANGED, "pg-rows"));
        results.ratio(new Ratio(
                NAME,
                LARGE + CHANGED + ": " + VIEW + " / better of the two SQLs",
                results.median(NAME, LARGE + CHANGED, VIEW) / best,
                10,
                false));
        results.ratio(NAME, LARGE + ", unchanged", VIEW, STATIC, 0.8, false);
        results.ratio(NAME, LARGE + ", unchanged, gzip", VIEW, STATIC, 0.8, false);
        results.ratio(NAME, "If-None-Match, unchanged", VIEW, STATIC, 0.8, false);
        results.ratio(NAME, SMALL + CHANGED, VIEW, STATIC, 0.5, false);
    }

    /** What the view answers, for whoever only has to repeat it. */
    private static String bodies(BenchEnvironment environment, ViewUnderTest view) throws IOException {
        Path folder = environment.folder("bodies");
        byte[] large = view.body(ViewUnderTest.LARGE);
        Files.write(folder.resolve("large"), large);
        Files.write(folder.resolve("small"), view.body(ViewUnderTest.SMALL));
        Files.write(folder.resolve("empty"), new byte[0]);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(large);
        }
        Files.write(folder.resolve("large-gzip"), compressed.toByteArray());
        return folder.toString();
    }

    private record Round(BenchEnvironment environment, Results results, boolean counts) {

        private static String path(String period) {
            return "/periods/" + period + "/actions";
        }

        /** As fast as eight connections can. */
        void unchanged(String cell, String contender, int port, String period, String headers) throws Exception {
            byte[] request = Connection.request(path(period), headers);
            Duration time = counts ? environment.cell().dividedBy(3) : environment.cell();
            ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
            try {
                long start = System.nanoTime();
                long end = start + time.toNanos();
                List<Future<Integer>> counts = new ArrayList<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    counts.add(threads.submit(() -> {
                        try (Connection connection = new Connection(port)) {
                            int count = 0;
                            while (System.nanoTime() < end) {
                                check(connection.ask(request), cell);
                                count++;
                            }
                            return count;
                        }
                    }));
                }
                long sum = 0;
                for (Future<Integer> count : counts) {
                    sum += count.get();
                }
                found(cell, contender, sum / ((System.nanoTime() - start) / 1e9));
            } finally {
                threads.shutdownNow();
            }
        }

        /** One reader, who changes an action before each read; only the time of the reads counts. */
        void changed(String cell, String contender, SystemUnderTest subject, long period) throws Exception {
            changed(cell, contender, subject.port(), "" + period, subject, period);
        }

        /** @param changed whose action is changed; somebody else's, for whoever answers the same all the time */
        void changed(String cell, String contender, int port, String asked, SystemUnderTest changed, long period)
                throws Exception {
            byte[] request = Connection.request(path(asked), changed.headers());
            boolean isShown = port == changed.port();
            int count = 0;
            long reading = 0;
            byte[] before = {};
            long end = System.nanoTime() + environment.cell().dividedBy(2).toNanos();
            try (Connection connection = new Connection(port)) {
                while (System.nanoTime() < end) {
                    changed.change(ViewUnderTest.anActionOf(period, count));
                    long start = System.nanoTime();
                    Connection.Reply reply = connection.ask(request);
                    reading += System.nanoTime() - start;
                    count++;
                    check(reply, cell);
                    byte[] now = Arrays.copyOf(connection.body(), reply.length());
                    if (isShown && Arrays.equals(now, before)) {
                        throw new IllegalStateException("An answer of " + contender + " does not show the change");
                    }
                    before = now;
                }
            }
            found(cell, contender, count / (reading / 1e9));
        }

        private static void check(Connection.Reply reply, String cell) {
            if (reply.status() != 200 && reply.status() != 304) {
                throw new IllegalStateException(cell + ": status " + reply.status());
            }
        }

        private void found(String cell, String contender, double rate) {
            System.err.printf("  %s, %s: %,.0f%s%n", cell, contender, rate, counts ? "" : " (warm-up)");
            if (counts) {
                results.add(NAME, cell, contender, UNIT, rate);
            }
        }
    }
}
