package io.periodview.cli;

import io.periodview.cli.deadletters.DeadLettersCommand;
import io.periodview.cli.keys.KeysCommand;
import io.periodview.cli.produce.ProduceCommand;
import io.periodview.cli.serve.DevCommand;
import io.periodview.cli.serve.ServeCommand;
import io.periodview.cli.skip.SkipCommand;
import io.periodview.cli.status.StatusCommand;
import io.periodview.cli.topics.TopicsCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code period-view}: the list of its commands, and what holds for all of them. */
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
            SkipCommand.class,
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
final class PeriodViewCommand {

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show where a failure comes from, and what Kafka's clients log.")
    private boolean debug;

    boolean debug() {
        return debug;
    }
}
