package io.periodview.cli.keys;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.OneShot;
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
        description = "List the keys: abbreviated hash, team, name and expiry of each.",
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
                rows.add(new Row(entry.abbreviated(), valid.key()));
            } else if (entry.reading() instanceof ApiKey.Reading.Invalid invalid) {
                spec.commandLine()
                        .getErr()
                        .println("Record " + entry.abbreviated() + " opens nothing: " + invalid.reason());
            }
        }
        rows.sort(Comparator.<Row>comparingLong(row -> row.key.teamId()).thenComparing(row -> row.key.name()));
        print(rows, spec.commandLine().getOut());
        return 0;
    }

    private static void print(List<Row> rows, PrintWriter out) {
        int teamWidth = 4;
        int nameWidth = 4;
        for (Row row : rows) {
            teamWidth = Math.max(teamWidth, Long.toString(row.key.teamId()).length());
            nameWidth = Math.max(nameWidth, row.key.name().length());
        }
        String format = "%-12s  %" + teamWidth + "s  %-" + nameWidth + "s  %s%n";
        Instant now = Instant.now();
        out.printf(format, "HASH", "TEAM", "NAME", "EXPIRES");
        for (Row row : rows) {
            out.printf(format, row.hash, row.key.teamId(), row.key.name(), expiry(row.key, now));
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

    private record Row(String hash, ApiKey key) {}
}
