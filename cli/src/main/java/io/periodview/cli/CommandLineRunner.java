package io.periodview.cli;

import io.periodview.cli.kafka.KafkaClientLog;
import io.periodview.cli.terminal.EnvironmentDefaults;
import io.periodview.cli.terminal.OneShot;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TraceLevel;

/** Runs one command line with an environment and two outputs, without a process around it. */
public final class CommandLineRunner {

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param environment sets the options that the arguments do not set
     * @param out results
     * @param err everything else
     */
    public CommandLineRunner(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    /** Returns the exit status: 0 done, 1 failed (one line on {@code err} says why), 2 wrong usage. */
    public int run(String... arguments) {
        PeriodViewCommand root = new PeriodViewCommand();
        return commandLine(root)
                .setExecutionStrategy(parsed -> execute(root, parsed))
                .execute(arguments);
    }

    CommandLine commandLine(PeriodViewCommand root) {
        // Its warnings about quotation marks repeat the value, which may be a password.
        CommandLine.tracer().setLevel(TraceLevel.OFF);
        EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
        ErrorHandler errors = new ErrorHandler(root::debug, defaults);
        CommandLine commandLine = new CommandLine(root);
        CommonHelp.addTo(commandLine);
        return defaults.addTo(commandLine)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    private static int execute(PeriodViewCommand root, ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!root.debug()) {
            KafkaClientLog.muteConnections(); // a service unmutes them once a broker has answered
            if (last.commandSpec().userObject() instanceof OneShot) {
                KafkaClientLog.mute();
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
