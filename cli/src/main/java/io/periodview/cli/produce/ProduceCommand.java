package io.periodview.cli.produce;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.produce.EventLine.Event;
import io.periodview.cli.produce.EventLine.Malformed;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code period-view produce}. */
@Command(
        name = "produce",
        description = {
            "Send events from JSON Lines.",
            "",
            "A line is {\"topic\":\"actions\",\"key\":\"7/91011\",\"timestamp\":1722601385471,\"value\":{...}}. The topic is periods or"
                    + " actions; the timestamp (milliseconds since 1970) is optional; the value is sent byte for byte as it is"
                    + " there; null is a tombstone. Events go to the partition of their team, in order.",
            "",
            "Prints how many events were sent, then the last offset of each partition: actions-3@125,periods-3@9",
        },
        footer = {
            "",
            "Examples:",
            "  period-view produce events.jsonl.gz",
            "  my-export | period-view produce --bootstrap-servers kafka:9092",
            "  period-view produce --kafka security.protocol=SASL_SSL --kafka sasl.mechanism=PLAIN events.jsonl",
        })
public final class ProduceCommand implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The events, plain or gzip. Without it, or as -: stdin.")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), "events");
        try (EventInput input = open();
                KafkaCluster cluster = KafkaCluster.connect(kafka);
                EventSender sender = new EventSender(kafka, cluster)) {
            String problem = send(input, sender, progress);
            sender.flush();
            // A line that could not be sent comes before the one that stopped the reading.
            String failure = sender.failure() != null ? sender.failure() : problem;
            if (failure != null) {
                progress.interrupted();
                throw new CommandFailedException(failure + " Events sent: " + sender.acknowledged() + ".");
            }
            progress.done(sender.acknowledged());
            out.println(sender.acknowledged() + " events");
            if (sender.acknowledged() > 0) {
                out.println(sender.offsets());
            }
            return 0;
        }
    }

    private EventInput open() {
        return file == null || file.toString().equals("-") ? EventInput.of(System.in) : EventInput.open(file);
    }

    /** Sends until the end or the first problem, which is returned as a sentence. */
    private static @Nullable String send(EventInput input, EventSender sender, Progress progress)
            throws InterruptedException {
        LineReader lines = new LineReader(input.stream());
        try {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                EventLine parsed = EventLineParser.parse(line);
                if (parsed instanceof Malformed malformed) {
                    return "Line " + line.number() + " of " + input.name() + " is not an event. " + malformed.reason();
                }
                if (parsed instanceof Event event) {
                    sender.send(event, line.number());
                    progress.advance(sender::acknowledged, input::progress);
                }
                if (sender.failure() != null) {
                    return null;
                }
            }
            return null;
        } catch (IOException e) {
            return input.name() + " cannot be read beyond line " + lines.number() + ": " + e.getMessage() + ".";
        }
    }
}
