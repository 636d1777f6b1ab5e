package io.periodview.cli.serve;

import io.periodview.api.status.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a command that are not their default, wherever they were given, as they may be shown. */
final class ExplicitSettings {

    /** Options whose value anybody may see who may see the status. */
    static final Set<String> SHOWN = Set.of(
            "--admin-port",
            "--advertise",
            "--application-id",
            "--bind",
            "--bootstrap-servers",
            "--debug",
            "--log-format",
            "--memory",
            "--port",
            "--standbys",
            "--state-dir",
            "--threads",
            "--topic-prefix");

    private ExplicitSettings() {}

    /** @param kafka settings of Kafka's clients */
    static List<Setting> of(CommandSpec command, Map<String, String> kafka) {
        List<Setting> given = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            String name = option.longestName();
            String value = text(option);
            if (SHOWN.contains(name) && value != null && !value.equals(option.defaultValue())) {
                given.add(new Setting(name, value));
            }
        }
        given.sort((one, other) -> one.name().compareTo(other.name()));
        new TreeMap<>(kafka).forEach((name, value) -> given.add(Setting.ofKafka(name, value)));
        return given;
    }

    /** As it was written, if it was; else its value. */
    private static @Nullable String text(OptionSpec option) {
        List<String> written = option.originalStringValues();
        if (!written.isEmpty()) {
            return written.get(written.size() - 1);
        }
        // Also one from the environment. A flag that is not given has no default, and is false.
        boolean isSet = option.getValue() != null && !option.getValue().equals(false);
        return isSet ? option.defaultValueString() : option.defaultValue();
    }
}
