package io.periodview.cli.deadletters;

import io.periodview.cli.deadletters.ReplayReport.Outcome;
import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.Progress;
import io.periodview.topics.RecordOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code period-view dead-letters replay}. */
@Command(
        name = "replay",
        description = {
            "Send dead letters again, once the service that rejected them is fixed.",
            "",
            "They go to the topic they came from, to the partition of their team; key, value, headers and timestamp are as they"
                    + " were received. (An event that is itself wrong is for its producer to fix and publish again: 'produce'"
                    + " reads what 'dead-letters --json' prints, once the value is fixed.)",
            "",
            "One that a newer event with its key has superseded is skipped, unless --force is given: a later record in the same"
                    + " partition, or one with the same or a later timestamp in another; be it a deletion, or one that was"
                    + " itself rejected. So of several with one key only the last is sent, and what was sent again is superseded"
                    + " by that: a second run sends only what has been rejected again.",
            "",
            "One without its value (too large to be kept, or skipped) cannot be sent again.",
            "",
            "Known limit: a newer event that is published between check and sending (they alternate, 500 events at a time), or in"
                    + " a transaction that is still open then, is not seen, and the old one overwrites it. Where that must not"
                    + " happen, stop the producers of these keys first.",
            "",
            "Prints the outcome of each, then the totals. The exit status is 1 if any of them failed.",
        },
        footer = {
            "",
            "Examples:",
            "  period-view dead-letters replay dead-letters-2@17 dead-letters-0@3",
            "  period-view dead-letters replay --topic actions --code invalid-value --since 2h --dry-run",
            "  period-view dead-letters replay --all",
        })
final class ReplayCommand implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private LetterFilter filter;

    @Parameters(
            arity = "0..*",
            paramLabel = "PLACE",
            converter = RecordOffsetConverter.class,
            description = "Where they are, as 'dead-letters' shows it. Or select them by the options.")
    private List<RecordOffset> places = new ArrayList<>();

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only show what would be sent.")
    private boolean dryRun;

    @Option(names = "--force", description = "Send what is superseded, too, in the order of rejection.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        int ways = (places.isEmpty() ? 0 : 1) + (filter.isEmpty() ? 0 : 1) + (all ? 1 : 0);
        if (ways != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    (ways == 0 ? "Say which dead letters to send" : "Say in only one way which dead letters to send")
                            + ": by places such as dead-letters-2@17, or by --topic, --team, --code and --since, or --all.");
        }
        Set<RecordOffset> missing =
                new TreeSet<>(Comparator.comparingInt(RecordOffset::partition).thenComparingLong(RecordOffset::offset));
        missing.addAll(places);
        Set<RecordOffset> wanted = Set.copyOf(missing);
        Predicate<DeadLetterRecord> selected =
                wanted.isEmpty() ? filter::matches : letter -> wanted.contains(letter.place());
        Progress progress = new Progress(spec.commandLine().getErr(), "events compared");
        ReplayReport report =
                new ReplayReport(new StdoutWriter(spec.commandLine().getOut()));
        try (KafkaCluster cluster = KafkaCluster.connect(kafka);
                DeadLetterTopic topic = new DeadLetterTopic(kafka, cluster);
                Replay replay = new Replay(kafka, cluster, report, progress, dryRun)) {
            if (wanted.isEmpty()) {
                topic.narrowToSince(filter.since());
            } else {
                topic.narrowTo(wanted);
            }
            if (!force) {
                replay.check(topic, selected);
            }
            replay.send(topic, letter -> {
                missing.remove(letter.place());
                return selected.test(letter);
            });
            for (RecordOffset place : missing) {
                report.add(place, null, Outcome.FAILED, "failed: there is no dead letter here, or none any more");
            }
        }
        report.printTotals(dryRun);
        failIfUnsent(report);
        return 0;
    }

    private void failIfUnsent(ReplayReport report) {
        // A place names one that is wanted; --all and filters mean those that can be sent.
        int unsent = report.count(Outcome.FAILED) + (places.isEmpty() ? 0 : report.count(Outcome.IMPOSSIBLE));
        if (unsent > 0) {
            throw new CommandFailedException(unsent + " could not be sent again; stdout says why.");
        }
    }

    private static final class RecordOffsetConverter implements ITypeConverter<RecordOffset> {
        @Override
        public RecordOffset convert(String text) {
            RecordOffset place = RecordOffset.parse(text);
            if (place == null || !place.topic().equals(DeadLetterRecord.TOPIC)) {
                throw new TypeConversionException(
                        "'" + text + "' is not the place of a dead letter, such as dead-letters-2@17");
            }
            return place;
        }
    }
}
