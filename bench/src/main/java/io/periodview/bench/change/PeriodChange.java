package io.periodview.bench.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.Ratio;
import io.periodview.bench.Results;
import io.periodview.bench.Suite;
import io.periodview.bench.load.ChangeEvent;
import io.periodview.bench.load.Topics;
import io.periodview.bench.read.Connection;
import io.periodview.bench.read.Serve;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Periods of different sizes are renamed, marked anew and moved, one change at a time; from each acknowledgement to the
 * end of an HTTP answer that shows it. Each team has one period.
 */
public final class PeriodChange implements Suite {

    private static final String NAME = "period-change";
    private static final String APPLICATION = "period-change-view";

    /** What is done to a period. */
    private enum Kind {
        RENAME,
        RE_MARK,
        MOVE;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "How soon is a changed period seen, however many actions it has?";
    }

    @Override
    public void measure(BenchEnvironment environment, Results results) throws Exception {
        List<Integer> sizes = environment.isQuick() ? List.of(10, 10_000) : List.of(10, 1_000, 100_000);
        int changes = environment.isQuick() ? 50 : 200;
        Topics topics = Topics.fill(environment.broker().bootstrapServers(), "change.", APPLICATION, events(sizes));
        try (Serve view = Serve.start(environment, topics, APPLICATION, sizes.size());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", topics.bootstrapServers(), "linger.ms", 0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            view.awaitEvents(topics, APPLICATION);
            for (int round = 0; round <= environment.rounds(); round++) {
                List<List<List<Double>>> took = new ArrayList<>();
                for (int size = 0; size < sizes.size(); size++) {
                    took.add(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                }
                for (int change = 0; change < changes; change++) {
                    for (Kind kind : Kind.values()) {
                        for (int size = 0; size < sizes.size(); size++) {
                            ChangeEvent event = changed(1 + size, kind, round * changes + change);
                            took.get(size).get(kind.ordinal()).add(seen(topics, view, producer, event));
                        }
                    }
                }
                for (int size = 0; round > 0 && size < sizes.size(); size++) {
                    for (Kind kind : Kind.values()) {
                        results.add(
                                NAME,
                                kind.text(),
                                contender(sizes.get(size)),
                                "ms",
                                median(took.get(size).get(kind.ordinal())));
                    }
                }
            }
        }
        String smallest = contender(sizes.get(0));
        String largest = contender(sizes.get(sizes.size() - 1));
        for (Kind kind : Kind.values()) {
            results.ratio(new Ratio(
                    NAME,
                    kind.text() + ": " + largest + " / " + smallest,
                    results.median(NAME, kind.text(), largest) / results.median(NAME, kind.text(), smallest),
                    1.2,
                    true));
        }
        topics.delete();
        Topics.deleteInternal(topics, APPLICATION);
    }

    private static String contender(int size) {
        return String.format("%,d actions", size);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double seen(Topics topics, Serve view, KafkaProducer<byte[], byte[]> producer, ChangeEvent event)
            throws Exception {
        RecordMetadata at = producer.send(Topics.record(topics.names(), event)).get();
        long acknowledged = System.nanoTime();
        Connection.Reply reply = view.ask(Connection.request(
                "/periods",
                view.headers(event.team()) + "View-At-Least: " + at.topic() + "-" + at.partition() + "@" + at.offset()
                        + "\r\n"));
        if (reply.status() != 200) {
            throw new IOException("Status " + reply.status());
        }
        return (System.nanoTime() - acknowledged) / 1e6;
    }

    private static ChangeEvent changed(long team, Kind kind, int number) {
        return period(
                team,
                "Year" + (kind == Kind.RENAME ? " " + number : ""),
                kind == Kind.MOVE && number % 2 == 0 ? "2025-07-01T00:00:00Z" : "2025-01-01T00:00:00Z",
                "Opening" + (kind == Kind.RE_MARK ? " " + number : ""));
    }

    private static ChangeEvent period(long team, String name, String start, String marker) {
        return new ChangeEvent(
                true,
                team,
                team + "/1",
                0,
                ("{\"name\":\"" + name + "\",\"start_date\":\"" + start
                                + "\",\"end_date\":\"2026-01-01T00:00:00Z\",\"markers\":[{\"name\":\"" + marker
                                + "\",\"timestamp\":\"2025-08-01T00:00:00Z\"}]}")
                        .getBytes(UTF_8));
    }

    private static List<ChangeEvent> events(List<Integer> sizes) {
        List<ChangeEvent> events = new ArrayList<>();
        for (int size = 0; size < sizes.size(); size++) {
            long team = 1 + size;
            events.add(period(team, "Year", "2025-01-01T00:00:00Z", "Opening"));
            for (int action = 1; action <= sizes.get(size); action++) {
                events.add(new ChangeEvent(
                        false,
                        team,
                        team + "/" + action,
                        0,
                        ("{\"classification\":\"Category 55\",\"status\":\"New\",\"createdTime\":\"2025-0"
                                        + (1 + action % 9)
                                        + "-01T00:00:00Z\",\"channel\":\"Phone\",\"formType\":\"Incident\"}")
                                .getBytes(UTF_8)));
            }
        }
        return events;
    }
}
