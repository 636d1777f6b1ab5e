package io.periodview.cli;

import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.EnvironmentDefaults;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line on stderr and an exit status. */
final class ErrorHandler implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final BooleanSupplier debug;
    private final EnvironmentDefaults defaults;

    /** @param debug whether stack traces are wanted; known once the arguments are parsed */
    ErrorHandler(BooleanSupplier debug, EnvironmentDefaults defaults) {
        this.debug = debug;
        this.defaults = defaults;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof InterruptedException || failure instanceof InterruptException) {
            Thread.currentThread().interrupt();
        }
        err.println("period-view: " + oneLine(messageOf(failure)));
        if (debug.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine commandLine = wrong.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println("period-view: " + oneLine(wrong.getMessage() + origin(wrong)));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    /** Names the environment variable: a wrong value that was not typed is hard to find otherwise. */
    private String origin(ParameterException wrong) {
        if (wrong.getArgSpec() instanceof OptionSpec option
                && defaults.sets(option)
                && option.originalStringValues().isEmpty()) {
            return " (from the environment: " + EnvironmentDefaults.variableOf(option) + ")";
        }
        return "";
    }

    private String messageOf(Exception failure) {
        if (failure instanceof CommandFailedException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof InterruptedException || failure instanceof InterruptException) {
            return "Interrupted.";
        }
        String advice = debug.getAsBoolean() ? "" : " (--debug shows where)";
        if (failure instanceof KafkaException) {
            return KafkaErrors.reason(failure) + advice;
        }
        return "Unexpected failure: " + failure + advice;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
