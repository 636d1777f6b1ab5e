package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.Progress;
import io.periodview.cli.terminal.StopSignal;
import io.periodview.cli.terminal.Usage;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code period-view dead-letters}. */
@Command(
        name = "dead-letters",
        description = {
            "List the events that could not be applied, by the time of rejection.",
            "",
            "Shows of each: where it is (dead-letters-2@17, which is what 'replay' takes), when and why it was rejected, where it"
                    + " came from and its own time, its key and its value.",
            "",
            "Bytes that are not UTF-8 and characters that control a terminal are shown as \\x1b. Records that the service did not"
                    + " write are listed, too, and marked.",
            "",
            "Of a record of more than 8 MiB there are size and SHA-256, not the value; with --json in valueSize and"
                    + " valueSha256, without a value.",
            "",
            "The topic keeps dead letters for a time (retention.ms, 30 days as 'topics --apply' creates it) and up to a size"
                    + " (retention.bytes, 10 GiB a partition); older ones are deleted, though the event itself stays in its topic"
                    + " until a newer one with its key replaces it.",
        },
        subcommands = ReplayCommand.class,
        footer = {
            "",
            "Examples:",
            "  period-view dead-letters --summary",
            "  period-view dead-letters --team 7 --since 2h",
            "  period-view dead-letters --code invalid-value --limit 20 --whole",
            "  period-view dead-letters --follow --limit 0",
            "  period-view dead-letters --json --code invalid-value | jq -c '{topic,key,value:(.value|fromjson)}'",
            "  period-view dead-letters replay dead-letters-2@17",
        })
public final class DeadLettersCommand implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private LetterFilter filter;

    @Option(names = "--limit", paramLabel = "N", description = "Only the latest N of these. Default: all")
    private @Nullable Integer limit;

    @Option(names = "--follow", description = "Continue with what is rejected from now on, until SIGINT or SIGTERM.")
    private boolean follow;

    @Option(names = "--whole", description = "Show keys and values in full, however long they are.")
    private boolean whole;

    @Option(
            names = "--json",
            description = "JSON Lines instead: nothing shortened; topic, key and timestamp as 'produce' reads them.")
    private boolean json;

    @Option(
            names = "--summary",
            description = "Count them by topic, code and message instead, the most frequent first.")
    private boolean summary;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Usage.require(spec, limit == null || limit >= 0, "--limit is " + limit + "; it is 0 or more.");
        Usage.require(spec, !summary || !follow, "--summary counts what is there and ends; it excludes --follow.");
        Usage.require(spec, !summary || !json, "--summary is for people; it excludes --json.");
        try (KafkaCluster cluster = KafkaCluster.connect(kafka);
                DeadLetterTopic topic = new DeadLetterTopic(kafka, cluster)) {
            topic.narrowToSince(filter.since());
            if (limit != null) {
                Consumer<DeadLetterRecord> counted = counted();
                topic.narrowToLast(limit, letter -> {
                    counted.accept(letter);
                    return filter.matches(letter);
                });
            }
            if (summary) {
                summarize(topic);
            } else {
                list(topic);
            }
        }
        return 0;
    }

    private void summarize(DeadLetterTopic topic) {
        Summary counts = new Summary();
        Consumer<DeadLetterRecord> counted = counted();
        topic.read(letter -> {
            counted.accept(letter);
            if (filter.matches(letter)) {
                counts.add(letter);
            }
        });
        counts.print(spec.commandLine().getOut());
    }

    private void list(DeadLetterTopic topic) {
        StdoutWriter out = new StdoutWriter(spec.commandLine().getOut());
        LetterFormatter formatter = json ? new JsonLetterFormatter() : new TextLetterFormatter(whole);
        Consumer<DeadLetterRecord> show = letter -> {
            if (filter.matches(letter)) {
                out.print(formatter.format(letter));
            }
        };
        topic.read(show);
        if (follow) {
            topic.follow(StopSignal.install()::isReceived, show);
        }
    }

    /** Shows progress in the passes that print nothing. */
    private Consumer<DeadLetterRecord> counted() {
        Progress progress = new Progress(spec.commandLine().getErr(), "dead letters read");
        AtomicLong count = new AtomicLong();
        return letter -> {
            count.incrementAndGet();
            progress.advance(count::get, () -> "");
        };
    }
}
