package io.periodview.api.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry. */
@Command(name = "period-view", mixinStandardHelpOptions = true, version = "period-view 0.1.0")
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
