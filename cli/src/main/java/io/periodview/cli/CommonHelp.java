package io.periodview.cli;

import io.periodview.api.status.BuildVersions;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Gives every command {@code --help} and {@code --version}, so that none can be added without. */
final class CommonHelp {

    private static final int WIDTH = 110;

    private CommonHelp() {}

    static void addTo(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .version("period-view " + BuildVersions.ofThisProcess().periodView())
                .usageMessage()
                .width(WIDTH);
        commandLine.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this.")
                        .build());
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Show the version.")
                        .build());
        commandLine.getSubcommands().values().forEach(CommonHelp::addTo);
    }
}
