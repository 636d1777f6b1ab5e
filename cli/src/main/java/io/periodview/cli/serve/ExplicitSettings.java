package io.periodview.cli.serve;

import io.periodview.api.status.Setting;
import io.periodview.cli.terminal.EnvironmentDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a command that differ from their defaults, however they were set, as they may be shown. */
final class ExplicitSettings {

    /** Options whose values the status may show. */
    static final Set<String> SHOWN = Set.of(
            "--admin-bind",
            "--admin-port",
            "--admin-token-file",
            "--advertise",
            "--application-id",
            "--bind",
            "--bootstrap-servers",
            "--debug",
            "--instance-secret-file",
            "--log-format",
            "--memory",
            "--port",
            "--rebuild",
            "--standbys",
            "--state-dir",
            "--threads",
            "--topic-prefix");

    private ExplicitSettings() {}

    /** @param kafka settings of Kafka's clients */
    static List<Setting> of(CommandSpec command, Map<String, String> kafka) {
        List<Setting> explicit = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            String name = option.longestName();
            String value = text(option);
            if (SHOWN.contains(name) && value != null && !value.equals(option.defaultValue())) {
                explicit.add(new Setting(name, value));
            }
        }
        explicit.sort((one, other) -> one.name().compareTo(other.name()));
        new TreeMap<>(kafka).forEach((name, value) -> explicit.add(Setting.ofKafka(name, value)));
        return explicit;
    }

    /** As it was typed, else its value. */
    private static @Nullable String text(OptionSpec option) {
        List<String> typed = option.originalStringValues();
        if (!typed.isEmpty()) {
            return typed.get(typed.size() - 1);
        }
        // May come from the environment. A flag that is not set has no default, and is false.
        boolean isSet = option.getValue() != null && !option.getValue().equals(false);
        return isSet ? EnvironmentDefaults.plain(option.defaultValueString()) : option.defaultValue();
    }
}
