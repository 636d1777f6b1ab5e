package io.periodview.cli.keys;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code period-view keys}. */
@Command(
        name = "keys",
        description = "Create, list and revoke the API keys that readers use.",
        subcommands = {KeysCreate.class, KeysList.class, KeysRevoke.class},
        footer = {
            "",
            "Examples:",
            "  period-view keys create --team 7 --name dashboard",
            "  period-view keys list",
            "  period-view keys revoke dashboard",
        })
public final class KeysCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with keys: create, list or revoke.");
    }
}
