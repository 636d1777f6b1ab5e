package io.periodview.cli.terminal;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of arguments that the options' own types cannot express. */
public final class Usage {

    private Usage() {}

    /** @throws ParameterException with this message, which makes it wrong usage, unless the condition holds */
    public static void require(CommandSpec command, boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), otherwise);
        }
    }
}
