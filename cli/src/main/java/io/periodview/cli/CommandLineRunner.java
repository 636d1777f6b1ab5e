package io.periodview.cli;

import io.periodview.cli.kafka.KafkaLog;
import io.periodview.cli.terminal.EnvironmentDefaults;
import io.periodview.cli.terminal.OneShot;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine;

/** Runs one command line with an environment and two outputs; {@link Main} without the process around it. */
public final class CommandLineRunner {

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param environment what options are set by that the arguments do not set
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
        Main main = new Main();
        return commandLine(main)
                .setExecutionStrategy(parsed -> execute(main, parsed))
                .execute(arguments);
    }

    CommandLine commandLine(Main main) {
        EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
        Failures failures = new Failures(main, defaults);
        CommandLine commandLine = new CommandLine(main);
        CommonHelp.addTo(commandLine);
        return commandLine
                .setDefaultValueProvider(defaults)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    private static int execute(Main main, ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!main.debug()) {
            KafkaLog.muteConnections(); // a service that has found its broker speaks of them again
            if (last.commandSpec().userObject() instanceof OneShot) {
                KafkaLog.mute();
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
