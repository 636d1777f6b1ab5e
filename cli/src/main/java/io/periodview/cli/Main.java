package io.periodview.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.cli.deadletters.DeadLettersCommand;
import io.periodview.cli.keys.KeysCommand;
import io.periodview.cli.produce.ProduceCommand;
import io.periodview.cli.serve.DevCommand;
import io.periodview.cli.serve.ServeCommand;
import io.periodview.cli.status.StatusCommand;
import io.periodview.cli.topics.TopicsCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line's entry, and the list of its commands. */
@Command(
        name = "period-view",
        description = "Which action occurs in which period: kept live from Kafka, read over HTTP.",
        subcommands = {
            DevCommand.class, //
            ServeCommand.class,
            StatusCommand.class,
            TopicsCommand.class,
            KeysCommand.class,
            ProduceCommand.class,
            DeadLettersCommand.class,
        },
        footer = {
            "",
            "Every option can also be set by an environment variable: --bootstrap-servers by PERIOD_VIEW_BOOTSTRAP_SERVERS.",
            "Results go to stdout, everything else to stderr. Exit status: 0 done, 1 failed, 2 wrong usage.",
            "",
            "Examples:",
            "  period-view dev",
            "  period-view keys create --team 7 --name dashboard",
            "  period-view produce events.jsonl.gz",
            "  period-view COMMAND --help",
        })
public final class Main {

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show where a failure comes from, and what Kafka's clients log.")
    private boolean debug;

    Main() {}

    boolean debug() {
        return debug;
    }

    public static void main(String[] args) {
        CommandLineRunner runner =
                new CommandLineRunner(System.getenv(), writer(FileDescriptor.out), writer(FileDescriptor.err));
        System.exit(runner.run(args));
    }

    /** UTF-8 whatever the locale; whole lines appear at once. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        OutputStream bytes = new FileOutputStream(descriptor);
        return new PrintWriter(bytes, true, UTF_8);
    }
}
