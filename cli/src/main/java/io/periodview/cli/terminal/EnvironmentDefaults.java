package io.periodview.cli.terminal;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes options that the arguments do not set from the environment: {@code --topic-prefix} from {@code
 * PERIOD_VIEW_TOPIC_PREFIX}, {@code --[no-]sample} from {@code PERIOD_VIEW_SAMPLE=false}, an option that can be repeated
 * from one line per value. An empty variable is none.
 */
public final class EnvironmentDefaults implements IDefaultValueProvider {

    /**
     * The {@code split} of options that can be repeated, so that a variable can hold several values. No argument can
     * contain it, so an argument is never split.
     */
    public static final String SEPARATOR = "\0";

    private static final String PREFIX = "PERIOD_VIEW_";

    private final Map<String, String> environment;

    public EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Has the command line and those below it take options from there, as they stand there. */
    public CommandLine addTo(CommandLine commandLine) {
        ignoreQuotationMarks(commandLine);
        return commandLine.setDefaultValueProvider(this);
    }

    /** None reaches over lines. */
    private static void ignoreQuotationMarks(CommandLine commandLine) {
        commandLine.getCommandSpec().parser().splitQuotedStrings(true);
        commandLine.getSubcommands().values().forEach(EnvironmentDefaults::ignoreQuotationMarks);
    }

    /** As picocli wants it: with twice every dollar sign. */
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String value = environment.get(variableOf(option));
        if (value == null || value.isBlank()) {
            return null;
        }
        // Picocli looks for variables in it; a password with "${" in it is one, and "$$" stands for "$".
        String plain = value.replace("$", "$$");
        return option.isMultiValue()
                ? plain.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(SEPARATOR))
                : plain;
    }

    /** A default as it stands in the environment. */
    public static String plain(String defaultValue) {
        return defaultValue.replace("$$", "$");
    }

    /** The environment variable of this option. */
    public static String variableOf(OptionSpec option) {
        return PREFIX
                + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether the environment has a value for this option, which counts unless an argument sets it. */
    public boolean sets(OptionSpec option) {
        return defaultValue(option) != null;
    }
}
