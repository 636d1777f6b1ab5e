package io.periodview.cli.keys;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.topics.ApiKey;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code period-view keys list}. */
@Command(
        name = "list",
        description = "List the keys: abbreviated hash, team, name, expiry and maker of each.",
        footer = {"", "Example:", "  period-view keys list --bootstrap-servers kafka:9092"})
final class KeysList implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        List<ApiKeyTopic.Entry> entries;
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            entries = new ApiKeyTopic(kafka, cluster).read();
        }
        List<Row> rows = new ArrayList<>();
        for (ApiKeyTopic.Entry entry : entries) {
            if (entry.reading() instanceof ApiKey.Reading.Valid valid) {
                rows.add(Row.of(entry, valid.key()));
            } else if (entry.reading() instanceof ApiKey.Reading.Invalid invalid) {
                spec.commandLine()
                        .getErr()
                        .println("Record " + entry.abbreviated() + " opens nothing: " + invalid.reason());
            }
        }
        rows.sort(Comparator.<Row>comparingLong(row -> row.key.teamId()).thenComparing(row -> row.name));
        print(rows, spec.commandLine().getOut());
        return 0;
    }

    private static void print(List<Row> rows, PrintWriter out) {
        int teamWidth = 4;
        int nameWidth = 4;
        int expiryWidth = 7;
        Instant now = Instant.now();
        for (Row row : rows) {
            teamWidth = Math.max(teamWidth, Long.toString(row.key.teamId()).length());
            nameWidth = Math.max(nameWidth, row.name.length());
            expiryWidth = Math.max(expiryWidth, expiry(row.key, now).length());
        }
        String format = "%-12s  %" + teamWidth + "s  %-" + nameWidth + "s  %-" + expiryWidth + "s  %s%n";
        out.printf(format, "HASH", "TEAM", "NAME", "EXPIRES", "BY");
        for (Row row : rows) {
            out.printf(format, row.hash, row.key.teamId(), row.name, expiry(row.key, now), row.by);
        }
        out.flush();
    }

    private static String expiry(ApiKey key, Instant now) {
        Instant expiresAt = key.expiresAt();
        if (expiresAt == null) {
            return "never";
        }
        return expiresAt + (key.isExpired(now) ? " (expired)" : "");
    }

    /**
     * What is shown of a key.
     *
     * @param name escaped, as whoever can write to the topic chooses it
     * @param by escaped as well; a dash if nobody is named
     */
    private record Row(String hash, ApiKey key, String name, String by) {
        static Row of(ApiKeyTopic.Entry entry, ApiKey key) {
            String by = entry.by();
            return new Row(
                    entry.abbreviated(),
                    key,
                    TerminalEscaper.all(key.name()),
                    by == null ? "-" : TerminalEscaper.all(by));
        }
    }
}
