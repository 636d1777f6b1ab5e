package io.periodview.cli.keys;

import io.periodview.cli.terminal.Usage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who makes or revokes a key, for those who ask later. Nobody checks it: rights on the topic are the brokers' matter. */
final class OperatorOption {

    private static final int MAX_LENGTH = 200;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who you are, to be kept in the key's record. Default: the user of this machine")
    private @Nullable String by;

    String name(CommandSpec spec) {
        String name = by == null ? System.getProperty("user.name", "unknown") : by;
        Usage.require(
                spec,
                !name.isBlank() && name.length() <= MAX_LENGTH,
                "--by is a name of 1 to " + MAX_LENGTH + " characters.");
        return name;
    }
}
