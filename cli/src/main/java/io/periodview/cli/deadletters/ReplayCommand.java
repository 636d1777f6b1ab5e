package io.periodview.cli.deadletters;

import io.periodview.cli.deadletters.Replay.Outcome;
import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.topics.RecordOffset;
import io.periodview.cli.terminal.Progress;
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
            "Send dead letters again, when the service that rejected them is mended.",
            "",
            "They go to the topic they came from, key, value, headers and timestamp as they were received, to the partition"
                    + " of their team. (An event that must be mended itself is for its producer to send: 'produce' takes what"
                    + " 'dead-letters --json' prints, once the value is mended.)",
            "",
            "One that a newer event of its key has overtaken is left, unless --force is given: by a later record in the same"
                    + " partition, or one with the same or a later timestamp in another; be that a deletion, or one that was"
                    + " itself rejected. So of several of one key only the last is sent, and what was sent again is overtaken by"
                    + " that: a second run sends only what has been rejected anew.",
            "",
            "What remains: a newer event that is published between the look for it and the sending (they take turns, 500 events"
                    + " at a time), or in a transaction that has not ended then, is not seen, and the old one overwrites it. Where"
                    + " that must not be, stop the producers of these keys first.",
            "",
            "Prints for each what became of it, then how many. The exit status is 1 if any of them failed.",
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
            description = "Where they lie, as 'dead-letters' shows it. Or say which by the options.")
    private List<RecordOffset> places = new ArrayList<>();

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only say what would be sent.")
    private boolean dryRun;

    @Option(names = "--force", description = "Send what was overtaken, too, in the order of rejection.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        int ways = (places.isEmpty() ? 0 : 1) + (filter.isEmpty() ? 0 : 1) + (all ? 1 : 0);
        if (ways != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    (ways == 0 ? "Say which dead letters are meant" : "Say in one way which dead letters are meant")
                            + ": by places such as dead-letters-2@17, or by --topic, --team, --code and --since, or --all.");
        }
        Set<RecordOffset> missing =
                new TreeSet<>(Comparator.comparingInt(RecordOffset::partition).thenComparingLong(RecordOffset::offset));
        missing.addAll(places);
        Set<RecordOffset> wanted = Set.copyOf(missing);
        Predicate<DeadLetterRecord> chosen = wanted.isEmpty() ? filter::matches : letter -> wanted.contains(letter.place());
        Progress progress = new Progress(spec.commandLine().getErr(), "events compared");
        StdoutWriter lines = new StdoutWriter(spec.commandLine().getOut());
        try (KafkaCluster cluster = KafkaCluster.connect(kafka);
                DeadLetterTopic log = new DeadLetterTopic(kafka, cluster);
                Replay replay = new Replay(kafka, cluster, lines, progress, dryRun)) {
            if (wanted.isEmpty()) {
                log.narrowToSince(filter.since());
            } else {
                log.narrowTo(wanted);
            }
            if (!force) {
                replay.check(log, chosen);
            }
            replay.send(log, letter -> {
                missing.remove(letter.place());
                return chosen.test(letter);
            });
            for (RecordOffset place : missing) {
                replay.report(place, null, Outcome.FAILED, "failed: there is no dead letter here, or none any more");
            }
            conclude(replay, lines);
        }
        return 0;
    }

    private void conclude(Replay replay, StdoutWriter lines) {
        int sent = replay.count(Outcome.SENT);
        int impossible = replay.count(Outcome.IMPOSSIBLE);
        int failed = replay.count(Outcome.FAILED);
        lines.print(sent + (dryRun ? " would be sent, " : " sent, ") + replay.count(Outcome.OVERTAKEN) + " overtaken, "
                + impossible + " not replayable, " + failed + " failed");
        // Whoever names one wants that one; whoever says --all wants what can be sent.
        int unsent = failed + (places.isEmpty() ? 0 : impossible);
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
                        "'" + text + "' is no place of a dead letter, such as dead-letters-2@17");
            }
            return place;
        }
    }
}
