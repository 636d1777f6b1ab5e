package io.periodview.api.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Gives every command {@code --help} and {@code --version}, so that none can be added without. */
final class CommonHelp {

    private static final int WIDTH = 110;

    private CommonHelp() {}

    static void addTo(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .version("period-view " + version())
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

    private static String version() {
        Properties build = new Properties();
        try (InputStream resource = CommonHelp.class.getResourceAsStream("build.properties")) {
            if (resource == null) {
                throw new IllegalStateException("build.properties is missing from the jar");
            }
            build.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties cannot be read", e);
        }
        return build.getProperty("version");
    }
}
